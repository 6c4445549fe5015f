import Diagnostics

@preconcurrency import Glibc

/// Memory for packed weights, on huge pages where possible, because decode reads all of it for every
/// token and pages of 4 KiB would need an address translation for every 64 cache lines. It is mapped, so
/// that it is returned to the kernel at once when freed.
final class PackedMemory: @unchecked Sendable {
  // Unchecked: filled before it is shared, read-only afterwards.

  let base: UnsafeMutableRawPointer
  let byteCount: Int

  /// Bytes of a huge page.
  static let hugePage = 2 << 20

  /// Maps as many whole huge pages as hold `bytes`. Pages take memory once they are written to.
  ///
  /// - Throws: `compute.no-memory`.
  init(bytes: Int) throws(Failure) {
    let huge = Self.hugePage
    // One page more, to cut off the parts before the first whole page and after the last.
    let (mapped, overflow) = bytes.addingReportingOverflow(2 * huge)
    guard bytes > 0, !overflow,
      let memory = mmap(nil, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
      memory != MAP_FAILED
    else {
      throw Failure(
        .outOfMemory, code: .computeNoMemory,
        "no memory for another \((max(0, bytes) >> 20) + 1) MiB of weights",
        remedy: "Use a smaller model or free some memory.")
    }
    let before = (huge - Int(bitPattern: memory) % huge) % huge
    byteCount = (bytes + huge - 1) / huge * huge
    base = memory + before
    if before > 0 { munmap(memory, before) }
    let behind = mapped - before - byteCount
    if behind > 0 { munmap(base + byteCount, behind) }
    madvise(base, byteCount, Int32(MADV_HUGEPAGE))
  }

  deinit { munmap(base, byteCount) }
}
