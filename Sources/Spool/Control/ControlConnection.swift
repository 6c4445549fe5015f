import CLinux
import WorkerProtocol

@preconcurrency import Glibc

/// A client of the control socket, which may be anybody who may open it.
final class ControlConnection {
  /// A request that has no reply yet.
  struct Waiting {
    let ticket: ControlDesk.Ticket
    /// Until then an older status does not do, by the steady clock.
    let patience: Int
  }

  /// The socket.
  let descriptor: Int32
  /// Whose it is.
  let user: UInt32
  var input = LineBuffer(limit: ControlRequest.maxBytes)
  var output: [UInt8] = []
  /// Whether more is read from it; who only listens still gets its reply.
  var isSpeaking = true
  /// Whether it is to go as soon as it has its reply.
  var isClosing = false
  /// The request it waits for: one at a time.
  var waiting: Waiting?
  /// When it last had done all that was its turn, by the steady clock.
  var since: Int

  /// Bytes read in one turn.
  private static let pieceSize = 1 << 14

  init(_ descriptor: Int32, now: Int) {
    self.descriptor = descriptor
    var (user, process) = (UInt32.max, Int32(-1))
    _ = linux_peer(descriptor, &user, &process)
    self.user = user
    since = now
  }

  deinit { close(descriptor) }

  /// Whether it owes the daemon something: a line, or to read its reply.
  var isOwing: Bool { waiting == nil }

  /// Whether its next line is looked at: it has the reply to the one before.
  var isHeard: Bool { waiting == nil && output.isEmpty && !isClosing }

  /// What to wait for.
  var poll: pollfd {
    let events = (isHeard && isSpeaking ? POLLIN : 0) | (output.isEmpty ? 0 : POLLOUT)
    return pollfd(fd: descriptor, events: Int16(events), revents: 0)
  }

  /// Reads what is there, but not more than is needed for a line.
  func read() {
    guard isSpeaking, isHeard, input.count <= ControlRequest.maxBytes else { return }
    var piece = [UInt8](repeating: 0, count: Self.pieceSize)
    let count = piece.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
    if count > 0 {
      input.append(piece.prefix(count))
    } else if count == 0 || (errno != EAGAIN && errno != EINTR) {
      isSpeaking = false
    }
  }

  /// Sends as much as the other end takes.
  ///
  /// - Returns: whether it is still there.
  func send(now: Int) -> Bool {
    guard !output.isEmpty else { return true }
    let count = output.withUnsafeBytes {
      Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
    }
    guard count > 0 else { return errno == EAGAIN || errno == EINTR }
    output.removeFirst(count)
    since = now
    return true
  }
}
