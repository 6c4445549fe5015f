import Diagnostics

@preconcurrency import Glibc

/// Memory for packed weights: mapped, so that it is given back at once, and on huge pages where there
/// are any, because decoding streams through all of it for every token.
final class PackedMemory: @unchecked Sendable {
  // Unchecked: filled before it is shared, read-only afterwards.

  let base: UnsafeMutableRawPointer
  private let bytes: Int

  init(bytes: Int) throws(Failure) {
    guard bytes > 0,
      let memory = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
      memory != MAP_FAILED
    else {
      throw Failure(
        .outOfMemory, code: "compute.no-memory",
        "no memory for another \((bytes + (1 << 20) - 1) >> 20) MiB of weights",
        remedy: "use a smaller model or free some memory")
    }
    madvise(memory, bytes, Int32(MADV_HUGEPAGE))
    base = memory
    self.bytes = bytes
  }

  deinit { munmap(base, bytes) }
}
