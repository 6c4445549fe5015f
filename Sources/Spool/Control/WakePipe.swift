import Diagnostics

@preconcurrency import Glibc

/// Wakes a thread that waits in poll(2).
final class WakePipe: Sendable {
  /// Becomes readable when another thread calls `wake`.
  let descriptor: Int32
  private let other: Int32

  init() throws(Failure) {
    var ends: [Int32] = [-1, -1]
    let kind =
      Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
      throw Failure.describing(
        CallFailure(operation: .open, path: "the daemon's own pipe", number: errno))
    }
    (descriptor, other) = (ends[0], ends[1])
  }

  deinit {
    close(descriptor)
    close(other)
  }

  /// Wakes the thread; a full pipe is as good as another byte.
  func wake() {
    var byte: UInt8 = 1
    _ = send(other, &byte, 1, Int32(MSG_NOSIGNAL))
  }

  /// Empties the pipe after waking.
  func clear() {
    var bytes = [UInt8](repeating: 0, count: 64)
    while read(descriptor, &bytes, bytes.count) == bytes.count {}
  }
}
