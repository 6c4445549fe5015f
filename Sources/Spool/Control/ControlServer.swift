import Basics
import CLinux
import Diagnostics
import WorkerProtocol

@preconcurrency import Glibc

/// The server of the control socket, on its own thread. It never waits for a single client, and no
/// client, whatever it sends or does not send, can block the others.
final class ControlServer {
  /// The most clients at a time; another one replaces a client that has nothing to say.
  private static let maxClients = 64
  /// The milliseconds that a client has to send a whole line, and to read its reply.
  private static let lineTime = 5000
  /// The most lines of a client that are read in one turn.
  private static let linesPerTurn = 16
  private let listener: Int32
  private let path: String
  private let desk: ControlDesk
  private let clock: SpoolClock
  private let patience: Int
  private let storePath: String?
  private var clients: [ControlConnection] = []
  /// No client is accepted before this time, by the steady clock, because descriptors had run out.
  private var openAt = Int.min
  /// Whether a client has sent more lines than are read in one turn.
  private var hasMore = false

  /// Listens at a path; a socket left there by a dead daemon is replaced.
  ///
  /// - Parameters:
  ///   - patience: milliseconds that a status request waits for the daemon's loop before it is answered
  ///     with the latest known status.
  ///   - store: the path of the store, for queries; `nil` where the loop answers them.
  ///   - readers: a group that may also connect; `nil` for the daemon's user alone.
  /// - Throws: `control.listen`.
  init(
    path: String, desk: ControlDesk, clock: SpoolClock, patience: Int = 40, store: String? = nil,
    readers: gid_t? = nil
  ) throws(Failure) {
    self.patience = patience
    self.path = path
    self.desk = desk
    self.clock = clock
    storePath = store
    let bytes = Array(path.utf8)
    guard bytes.count <= UnixAddress.maxBytes else {
      throw Failure(
        .usage, code: .controlPath, "\(path) is too long for a socket's address",
        remedy: "Use a spool whose path has at most \(UnixAddress.maxBytes - 13) bytes.")
    }
    listener = socket(
      AF_UNIX,
      Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
    unlink(path)
    // The kernel checks the socket's rights at each connect; they are restricted before it listens.
    let isBound = listener >= 0 && UnixAddress.with(bytes) { bind(listener, $0, $1) } == 0
    guard isBound, chmod(path, 0o600) == 0, listen(listener, 64) == 0 else {
      let reason = String(cString: strerror(errno))
      if listener >= 0 { close(listener) }
      throw Failure(
        .fault, code: .controlListen, "\(path) cannot be listened at: \(reason)",
        remedy: "Check the rights of the folder.")
    }
    // If the group cannot be set, only the daemon's user may connect; doctor reports it.
    if let readers { Self.letIn(readers, path) }
  }

  deinit { close(listener) }

  /// Allows a group to use the socket. A sandbox may forbid changing a file's group, even to its current
  /// one.
  private static func letIn(_ readers: gid_t, _ path: String) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    if status.st_gid == readers || chown(path, uid_t.max, readers) == 0 { chmod(path, 0o660) }
  }

  /// Starts listening; from now on everything here belongs to the new thread, which ends when the desk
  /// is closed.
  ///
  /// - Throws: `control.listen`.
  func start() throws(Failure) {
    // From here on only the new thread uses the server.
    nonisolated(unsafe) let server = self
    let result = DetachedThread.start { server.run() }
    guard result == 0 else {
      throw Failure(
        .fault, code: .controlListen,
        "no thread can be started to listen: \(String(cString: strerror(result)))")
    }
  }

  private func run() {
    while !desk.isClosed {
      let now = clock.steady()
      var polls = clients.map(\.poll)
      if now >= openAt { polls.append(pollfd(fd: listener, events: Int16(POLLIN), revents: 0)) }
      polls.append(pollfd(fd: desk.replies.descriptor, events: Int16(POLLIN), revents: 0))
      _ = poll(&polls, nfds_t(polls.count), timeout(now))
      desk.replies.clear()
      // A client that closed both directions gets nothing any more, and would wake poll forever.
      let gone = zip(clients, polls).filter {
        Int32($1.revents) & (POLLHUP | POLLERR) != 0 && Int32($1.revents) & POLLIN == 0
      }.map { $0.0.descriptor }
      clients.removeAll { gone.contains($0.descriptor) }
      serve(now: clock.steady())
    }
  }

  /// Milliseconds until the next timeout; -1 where there is none.
  private func timeout(_ now: Int) -> Int32 {
    if hasMore { return 0 }
    var times = clients.map { client in
      client.waiting?.patience ?? client.since + Self.lineTime
    }
    if openAt > now { times.append(openAt) }
    guard let first = times.min(), first != .max else { return -1 }
    return Int32(min(1000, max(5, first - now)))
  }

  /// Serves all clients with data or with timeouts.
  private func serve(now: Int) {
    hasMore = false
    // As many as fit: each further client replaces another.
    for _ in 0..<Self.maxClients where now >= openAt {
      let descriptor = linux_accept(listener)
      guard descriptor >= 0 else {
        if errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS {
          openAt = now + 200
          makeRoom()
        }
        break
      }
      if clients.count >= Self.maxClients { makeRoom() }
      clients.append(ControlConnection(descriptor, now: now))
    }
    clients.removeAll { !isServed($0, now: now) }
  }

  /// Drops a client that can best be spared: one that has asked nothing, of the user who has the most
  /// clients; of these, the one that has been idle the longest.
  private func makeRoom() {
    let counts = Dictionary(grouping: clients, by: \.user).mapValues(\.count)
    let order = clients.indices.max { left, right in
      let (a, b) = (clients[left], clients[right])
      if a.isOwing != b.isOwing { return b.isOwing }
      let (first, second) = (counts[a.user] ?? 0, counts[b.user] ?? 0)
      return first != second ? first < second : a.since > b.since
    }
    if let order { clients.remove(at: order) }
  }

  /// - Returns: whether the client is still connected.
  private func isServed(_ client: ControlConnection, now: Int) -> Bool {
    client.read()
    var lines = 0
    do {
      try reply(to: client, now: now)
      guard client.send(now: now) else { return false }
      while client.isHeard, lines < Self.linesPerTurn, let line = try client.input.next() {
        try take(line, from: client, now: now)
        guard client.send(now: now) else { return false }
        lines += 1
      }
    } catch {
      return false
    }
    let isCut = lines == Self.linesPerTurn
    if isCut { hasMore = true }
    if client.waiting != nil { return true }
    let isDone = client.output.isEmpty && (client.isClosing || !client.isSpeaking && !isCut)
    return !isDone && now - client.since < Self.lineTime
  }

  private func take(_ line: [UInt8], from client: ControlConnection, now: Int) throws {
    do {
      let request = try ControlRequest(line: line)
      client.since = now
      var reply = ControlReply()
      if request.command == .status, let live = desk.fresh(now: now) {
        reply.live = live
      } else if let query = request.query, let storePath {
        // The store is opened for each query: its file may have been replaced, and queries are rare.
        reply.records = try JobStore(reading: storePath).answer(query)
      } else {
        let patience = request.command == .status ? now + self.patience : .max
        client.waiting = ControlConnection.Waiting(ticket: desk.ask(request), patience: patience)
        return
      }
      client.output = try JSONLine.encode(reply)
    } catch {
      // A client that sends anything but a request is not served any further.
      var reply = ControlReply()
      reply.error = ErrorReport(Failure.describing(error))
      client.output = try JSONLine.encode(reply)
      client.isClosing = true
    }
  }

  /// Sends the reply if there is one.
  private func reply(to client: ControlConnection, now: Int) throws {
    guard let waiting = client.waiting else { return }
    if let reply = waiting.ticket.reply {
      client.output = try JSONLine.encode(reply)
    } else if now >= waiting.patience, let live = desk.latest(now: now) {
      var reply = ControlReply()
      reply.live = live
      client.output = try JSONLine.encode(reply)
    } else {
      return
    }
    client.waiting = nil
    client.since = now
  }
}
