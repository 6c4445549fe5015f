import Diagnostics

@preconcurrency import Glibc

/// Memory for packed weights, on huge pages where there are any, because decoding streams through all of
/// it for every token: pages of 4 KiB cost a translation for every 64 lines. It is mapped, so that it is
/// given back at once.
final class PackedMemory: @unchecked Sendable {
  // Unchecked: filled before it is shared, read-only afterwards.

  let base: UnsafeMutableRawPointer
  let byteCount: Int

  /// Bytes of a huge page.
  static let hugePage = 2 << 20

  /// Whole huge pages, so many that `bytes` fit into them. They take memory when they are written to.
  ///
  /// - Throws: `compute.no-memory`.
  init(bytes: Int) throws(Failure) {
    let huge = Self.hugePage
    // One more, to cut off what lies before the first whole page and behind the last.
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
