import Diagnostics
import WorkerProtocol

@preconcurrency import Glibc

/// A spool as the command line sees it, with or without a running daemon.
public struct SpoolClient: Sendable {
  /// The folder of the spool.
  public let root: String

  /// The spool in a folder.
  public init(root: String) { self.root = root }

  /// The records of the store: read directly where allowed, otherwise through the daemon.
  ///
  /// - Throws: `store.missing` where there is no spool yet, `store.access` where the store may not be
  ///   read and no daemon is running.
  public func records() throws(Failure) -> any JobRecords {
    if try isReadable() { return try store() }
    guard try ControlClient(root: root).ask(ControlRequest(.status)) != nil else {
      throw SpoolRights.refusal(root)
    }
    return RemoteRecords(root: root)
  }

  /// The store itself, for reading.
  ///
  /// - Throws: `store.missing` where there is no spool yet, `store.access` where it may not be read.
  func store() throws(Failure) -> JobStore {
    guard try isReadable() else { throw SpoolRights.refusal(root) }
    do {
      return try JobStore(reading: SpoolLayout.store(in: root))
    } catch {
      throw Failure.describing(error)
    }
  }

  private func isReadable() throws(Failure) -> Bool {
    let path = SpoolLayout.store(in: root)
    if access(path, R_OK) == 0 { return true }
    if errno == EACCES { return false }
    let reason = String(cString: strerror(errno))
    throw Failure(
      .missingInput, code: .storeMissing, "there is no spool in \(root) (\(path): \(reason))",
      remedy: "Start illavad there once, or name another folder with --spool.")
  }

  /// The daemon's status; `nil` when there is none.
  public func live() throws(Failure) -> LiveStatus? {
    guard let reply = try ControlClient(root: root).ask(ControlRequest(.status)) else { return nil }
    if let error = reply.error { throw error.failure }
    return reply.live
  }

  /// The full id for the beginning of an id or for the name of a file; of several jobs with that name,
  /// the latest.
  ///
  /// - Throws: `job.unknown`, `job.ambiguous`.
  public func id(_ text: String, in store: any JobRecords) throws(Failure) -> String {
    do {
      let isHexadecimal = text.utf8.allSatisfy {
        (0x30...0x39).contains($0) || (0x61...0x66).contains($0) || $0 == 0x2D
      }
      var ids = isHexadecimal && !text.isEmpty ? try store.ids(prefix: text, limit: 20) : []
      if ids.isEmpty, Self.isNew(text) { ids = try arrival(of: text, in: store) }
      if ids.count == 1 { return ids[0] }
      if ids.isEmpty {
        let path = BytePath(escaped: text)
        if let id = try store.ids(name: path, limit: 1).first { return id }
        throw Failure(
          .missingInput, code: .jobUnknown, "there is no job “\(path)”",
          remedy: "Run illava list to see the jobs there are.")
      }
      throw Failure(
        .usage, code: .jobAmbiguous,
        "“\(text)” is the beginning of \(ids.count < 20 ? "\(ids.count)" : "20 or more") ids: "
          + ids.prefix(3).joined(separator: ", ") + (ids.count > 3 ? ", …" : ""),
        remedy: "Give more of it.")
    } catch {
      throw Failure.describing(error)
    }
  }

  /// Whether an id was made within the last minute: the daemon may not have taken its job yet.
  private static func isNew(_ id: String) -> Bool {
    guard let made = JobIDs.time(id) else { return false }
    return abs(SpoolClock.system.wall().addingClamped(-made)) < 60_000
  }

  /// Waits up to two seconds for a job that was just handed in; the daemon takes one within some
  /// milliseconds.
  private func arrival(of id: String, in store: any JobRecords) throws -> [String] {
    for _ in 0..<40 {
      usleep(50_000)
      let ids = try store.ids(prefix: id, limit: 20)
      if !ids.isEmpty { return ids }
    }
    return []
  }

  /// Requests a change from the daemon if it is running; otherwise stores the request for it.
  ///
  /// - Returns: the daemon's reply, or `nil` when the request was stored.
  public func change(_ request: ControlRequest) throws(Failure) -> ControlReply? {
    // The most jobs of one request.
    guard request.ids.count <= ControlRequest.maxIDs else {
      var first = request
      var rest = request
      first.ids = Array(request.ids.prefix(ControlRequest.maxIDs))
      rest.ids = Array(request.ids.dropFirst(ControlRequest.maxIDs))
      let (done, more) = (try change(first), try change(rest))
      guard var reply = done ?? more else { return nil }
      reply.results = (done?.results ?? []) + (more?.results ?? [])
      return reply
    }
    if let reply = try ControlClient(root: root).ask(request) {
      if let error = reply.error { throw error.failure }
      return reply
    }
    guard access(SpoolLayout.store(in: root), W_OK) == 0 || errno != EACCES else {
      throw SpoolRights.refusal(root)
    }
    // A daemon that is just starting finds it there, immediately or some seconds later.
    try keep(request)
    return nil
  }

  private func keep(_ request: ControlRequest) throws(Failure) {
    guard try isReadable() else { throw SpoolRights.refusal(root) }
    do {
      try JobStore(keepingIn: SpoolLayout.store(in: root)).keep(
        request, now: SpoolClock.system.wall())
    } catch {
      throw Failure.describing(error)
    }
  }
}
