import Diagnostics

@preconcurrency import Glibc

/// Addresses without memory behind them, for weights of which only the sizes are wanted. Reading them ends
/// the process.
final class UnfilledMemory: Sendable {
  nonisolated(unsafe) let bytes: UnsafeRawBufferPointer

  /// Reserves addresses.
  ///
  /// - Throws: `compute.no-memory`.
  init(bytes count: Int) throws(Failure) {
    let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
    guard count > 0, let memory = mmap(nil, count, PROT_NONE, flags, -1, 0), memory != MAP_FAILED
    else {
      throw Failure(
        .outOfMemory, code: .computeNoMemory, "no addresses for \(count) bytes of weights",
        remedy: "Use a smaller model, or raise the limit on the process's addresses.")
    }
    bytes = UnsafeRawBufferPointer(start: memory, count: count)
  }

  deinit { munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count) }
}
