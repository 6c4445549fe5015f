import CLinux
import WorkerProtocol

@preconcurrency import Glibc

/// A client of the control socket, which may be any user who can open it.
final class ControlConnection {
  /// A request without a reply yet.
  struct Waiting {
    let ticket: ControlDesk.Ticket
    /// Until this time an older status is not good enough, by the steady clock.
    let patience: Int
  }

  /// The socket.
  let descriptor: Int32
  /// The user of the client.
  let user: UInt32
  var input = LineBuffer(limit: ControlRequest.maxBytes)
  var output: [UInt8] = []
  /// Whether more can be read from it; a client that only listens still gets its reply.
  var isSpeaking = true
  /// Whether to close it as soon as it has its reply.
  var isClosing = false
  /// The request that it waits for; one at a time.
  var waiting: Waiting?
  /// When it last owed the daemon nothing, by the steady clock.
  var since: Int

  /// The most bytes read in one turn.
  private static let pieceSize = 1 << 14

  init(_ descriptor: Int32, now: Int) {
    self.descriptor = descriptor
    var (user, process) = (UInt32.max, Int32(-1))
    _ = linux_peer(descriptor, &user, &process)
    self.user = user
    since = now
  }

  deinit { close(descriptor) }

  /// Whether the daemon waits for the client: to send a line or to read its reply.
  var isOwing: Bool { waiting == nil }

  /// Whether its next line is read: it has the reply to the line before.
  var isHeard: Bool { waiting == nil && output.isEmpty && !isClosing }

  /// The events to poll for.
  var poll: pollfd {
    let events = (isHeard && isSpeaking ? POLLIN : 0) | (output.isEmpty ? 0 : POLLOUT)
    return pollfd(fd: descriptor, events: Int16(events), revents: 0)
  }

  /// Reads available bytes, but not more than a line needs.
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

  /// Sends as many bytes as the other end accepts.
  ///
  /// - Returns: whether the client is still connected.
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
