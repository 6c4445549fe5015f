@preconcurrency import Glibc

import Diagnostics

/// A copy of bytes in separately allocated memory that starts on a cache line (64 bytes).
final class AlignedBytes: @unchecked Sendable {
  // Unchecked: written in `init` only.

  let base: UnsafeRawPointer
  private let memory: UnsafeMutableRawPointer

  init(copying bytes: UnsafeRawBufferPointer, for name: String) throws(Failure) {
    // Swift's own allocation ends the process when it fails; a failure of this one can be reported.
    var memory: UnsafeMutableRawPointer?
    guard posix_memalign(&memory, 64, max(bytes.count, 1)) == 0, let memory else {
      throw Failure(
        .outOfMemory, code: .checkpointCopyFailed,
        "tensor \(name.quoted): no memory for an aligned copy of \(bytes.count) bytes",
        remedy: "Save the checkpoint again with a current safetensors: then no copy is needed.")
    }
    if let source = bytes.baseAddress {
      memory.copyMemory(from: source, byteCount: bytes.count)
    }
    self.memory = memory
    base = UnsafeRawPointer(memory)
  }

  deinit {
    free(memory)
  }
}
