import CLinux
import Diagnostics
import WorkerProtocol

@preconcurrency import Glibc

/// Where the daemon listens, on a thread of its own; nothing here waits for one client.
final class ControlServer {
  /// A client that is connected.
  private final class Client {
    let descriptor: Int32
    var input = LineBuffer(limit: 1 << 20)
    var output: [UInt8] = []
    /// Whether it may say more; who only listens still gets its replies.
    var isSpeaking = true
    /// What it asked and has no reply to yet, in order; the time until which an older one does not
    /// do, by the steady clock.
    var waiting: [(ticket: ControlDesk.Ticket, patience: Int)] = []

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }
  }

  /// More clients wait until others have gone.
  private static let mostClients = 32
  private let listener: Int32
  private let path: String
  private let desk: ControlDesk
  private let clock: SpoolClock
  private let patience: Int
  private var clients: [Client] = []

  /// Listens at a path; a socket that a dead daemon left there is replaced.
  ///
  /// - Parameter patience: milliseconds that a question for the status waits for the daemon's loop
  ///   before it is answered with what the loop said last.
  /// - Throws: `control.listen`.
  init(
    path: String, desk: ControlDesk, clock: SpoolClock, patience: Int = 40
  ) throws(Failure) {
    self.patience = patience
    self.path = path
    self.desk = desk
    self.clock = clock
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

  deinit { close(listener) }

  /// Begins to listen; from now on everything here belongs to the new thread. It ends when the desk
  /// is closed.
  ///
  /// - Throws: `control.listen`.
  func start() throws(Failure) {
    let box = Unmanaged.passRetained(self)
    var thread = pthread_t()
    let result = pthread_create(
      &thread, nil,
      { pointer in
        guard let pointer else { return nil }
        Unmanaged<ControlServer>.fromOpaque(pointer).takeRetainedValue().run()
        return nil
      }, box.toOpaque())
    guard result == 0 else {
      box.release()
      throw Failure(
        .fault, code: "control.listen",
        "there is no thread to listen with: \(String(cString: strerror(result)))")
    }
    pthread_detach(thread)
  }

  private func run() {
    while !desk.isClosed {
      var polls = self.polls
      _ = poll(&polls, nfds_t(polls.count), timeout)
      desk.replies.clear()
      serve()
    }
  }

  /// What to wait for.
  private var polls: [pollfd] {
    var polls = clients.map { client in
      // What the other end has shut down would be readable for ever; -1 is passed over.
      pollfd(
        fd: client.isSpeaking ? client.descriptor : -1,
        events: Int16(client.output.isEmpty ? POLLIN : POLLIN | POLLOUT), revents: 0)
    }
    if clients.count < Self.mostClients {
      polls.append(pollfd(fd: listener, events: Int16(POLLIN), revents: 0))
    }
    polls.append(pollfd(fd: desk.replies.descriptor, events: Int16(POLLIN), revents: 0))
    return polls
  }

  /// Milliseconds until somebody has waited long enough; -1 for as long as nothing happens.
  private var timeout: Int32 {
    let times = clients.compactMap { $0.waiting.first?.patience }.filter { $0 != .max }
    return times.min().map { Int32(min(1000, max(5, $0 - clock.steady()))) } ?? -1
  }

  /// Serves whoever has something to say or waits for something.
  private func serve() {
    while clients.count < Self.mostClients {
      let descriptor = linux_accept(listener)
      guard descriptor >= 0 else { break }
      clients.append(Client(descriptor))
    }
    clients.removeAll { !isServed($0) }
  }

  /// - Returns: whether the client is still there.
  private func isServed(_ client: Client) -> Bool {
    if client.isSpeaking { client.isSpeaking = read(from: client) }
    do {
      while let line = try client.input.next() { try take(line, from: client) }
      try reply(to: client)
    } catch {
      return false
    }
    while !client.output.isEmpty {
      let count = client.output.withUnsafeBytes {
        send(client.descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return errno == EAGAIN && client.isSpeaking }
      client.output.removeFirst(count)
    }
    return client.isSpeaking || !client.waiting.isEmpty
  }

  /// - Returns: whether the client still speaks.
  private func read(from client: Client) -> Bool {
    var piece = [UInt8](repeating: 0, count: 1 << 14)
    while true {
      let count = piece.withUnsafeMutableBytes {
        Glibc.read(client.descriptor, $0.baseAddress, $0.count)
      }
      guard count > 0 else { return count < 0 && (errno == EAGAIN || errno == EINTR) }
      client.input.append(piece.prefix(count))
    }
  }

  private func take(_ line: [UInt8], from client: Client) throws {
    do {
      let request = try JSONLine.decode(ControlRequest.self, line)
      if request.command == .status, let live = desk.fresh(now: clock.steady()) {
        var reply = ControlReply()
        reply.live = live
        client.output += try JSONLine.encode(reply)
        return
      }
      let patience = request.command == .status ? clock.steady() + self.patience : .max
      client.waiting.append((desk.ask(request), patience))
    } catch {
      var reply = ControlReply()
      reply.error = ErrorReport(error)
      client.output += try JSONLine.encode(reply)
    }
  }

  /// Hands out the replies that are there.
  private func reply(to client: Client) throws {
    while let (ticket, patience) = client.waiting.first {
      if let reply = ticket.reply {
        client.output += try JSONLine.encode(reply)
      } else if clock.steady() >= patience, let live = desk.latest(now: clock.steady()) {
        var reply = ControlReply()
        reply.live = live
        client.output += try JSONLine.encode(reply)
      } else {
        return
      }
      client.waiting.removeFirst()
    }
  }
}
