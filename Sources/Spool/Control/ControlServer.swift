import CLinux
import Diagnostics
import WorkerProtocol

@preconcurrency import Glibc

/// Where the daemon listens; nothing here waits for a client.
final class ControlServer {
  /// A client that is connected.
  private final class Client {
    let descriptor: Int32
    var input = LineBuffer(limit: 1 << 20)
    var output: [UInt8] = []

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }
  }

  /// More clients wait until others have gone.
  private static let mostClients = 32
  private let listener: Int32
  private let path: String
  private var clients: [Client] = []
  /// Answers a request.
  var answer: (ControlRequest) -> ControlReply = { _ in ControlReply() }

  /// Listens at a path; a socket that a dead daemon left there is replaced.
  ///
  /// - Throws: `control.listen`.
  init(path: String) throws(Failure) {
    self.path = path
    let bytes = Array(path.utf8)
    guard bytes.count <= UnixAddress.mostBytes else {
      throw Failure(
        .usage, code: "control.path", "\(path) is too long for a socket's address",
        remedy: "Use a spool whose path has at most \(UnixAddress.mostBytes - 13) bytes.")
    }
    listener = socket(
      AF_UNIX,
      Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
    unlink(path)
    let isBound = listener >= 0 && UnixAddress.with(bytes) { bind(listener, $0, $1) } == 0
    guard isBound, chmod(path, 0o660) == 0, listen(listener, 64) == 0 else {
      let reason = String(cString: strerror(errno))
      if listener >= 0 { close(listener) }
      throw Failure(
        .fault, code: "control.listen", "\(path) cannot be listened at: \(reason)",
        remedy: "Check the rights of the folder.")
    }
  }

  deinit {
    close(listener)
    unlink(path)
  }

  /// What to wait for.
  var polls: [pollfd] {
    var polls = clients.map { client in
      pollfd(
        fd: client.descriptor,
        events: Int16(client.output.isEmpty ? POLLIN : POLLIN | POLLOUT), revents: 0)
    }
    if clients.count < Self.mostClients {
      polls.append(pollfd(fd: listener, events: Int16(POLLIN), revents: 0))
    }
    return polls
  }

  /// Serves whoever has something to say or waits for something.
  func serve() {
    while clients.count < Self.mostClients {
      let descriptor = linux_accept(listener)
      guard descriptor >= 0 else { break }
      clients.append(Client(descriptor))
    }
    clients.removeAll { !isServed($0) }
  }

  /// - Returns: whether the client is still there.
  private func isServed(_ client: Client) -> Bool {
    var piece = [UInt8](repeating: 0, count: 1 << 14)
    var isOpen = true
    while isOpen {
      let count = piece.withUnsafeMutableBytes { read(client.descriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        client.input.append(piece.prefix(count))
      } else {
        isOpen = count < 0 && (errno == EAGAIN || errno == EINTR)
        break
      }
    }
    do {
      while let line = try client.input.next() {
        var reply = ControlReply()
        do {
          reply = answer(try JSONLine.decode(ControlRequest.self, line))
        } catch {
          reply.error = ErrorReport(error)
        }
        client.output += try JSONLine.encode(reply)
      }
    } catch {
      return false
    }
    while !client.output.isEmpty {
      let count = client.output.withUnsafeBytes {
        send(client.descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return errno == EAGAIN && isOpen }
      client.output.removeFirst(count)
    }
    return isOpen
  }
}
