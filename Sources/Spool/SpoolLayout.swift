import Diagnostics

@preconcurrency import Glibc

/// The folders of a spool, open.
public struct SpoolLayout: Sendable {
  /// The folder that all others are in.
  public let root: Folder
  /// Where jobs are dropped.
  public let inbox: Folder
  /// Jobs that were taken, one folder each.
  public let work: Folder
  /// Answers, one folder each.
  public let outbox: Folder
  /// Jobs that were given up, one folder each.
  public let failed: Folder
  /// Files of answered jobs that are kept, one folder each.
  public let archive: Folder

  /// Where the store is.
  public static func store(in root: String) -> String { root + "/state.sqlite" }
  /// Where the daemon listens.
  public static func socket(in root: String) -> String { root + "/control.sock" }
  /// Who holds this file's lock may write the store.
  public static func lock(in root: String) -> String { root + "/daemon.lock" }

  /// Opens a spool, creating what is missing.
  ///
  /// - Throws: `spool.*` when a folder cannot be created or opened.
  public init(path: String, calls: SystemCalls) throws {
    let isNew = mkdir(path, 0o770) == 0
    if !isNew, errno != EEXIST {
      throw CallFailure(operation: .makeFolder, path: path, number: errno).failure
    }
    do {
      // The folder above may be one that is not to be read: it comes to disk by itself then.
      if isNew { try? Folder(path: path + "/..", calls: calls).sync() }
      root = try Folder(path: path, calls: calls)
      inbox = try root.makeFolder("inbox")
      // Answers are for the daemon's user until a person lets a group in; SpoolRights says how.
      work = try root.makeFolder("work", mode: 0o700)
      outbox = try root.makeFolder("outbox", mode: 0o700)
      failed = try root.makeFolder("failed", mode: 0o700)
      archive = try root.makeFolder("archive", mode: 0o700)
      try root.sync()
    } catch let error as CallFailure {
      throw error.failure
    }
  }

  /// Tries in the inbox what will have to be done there: create, write, read, rename, remove.
  ///
  /// - Throws: the first of these that fails, with its reason.
  public func probeRights() throws(Failure) {
    let name = BytePath(".illava-probe-\(getpid())")
    do {
      defer {
        try? inbox.remove(name)
        try? work.remove(name)
      }
      try inbox.write(Array("probe".utf8), to: name)
      guard try inbox.contents(name, limit: 16) == Array("probe".utf8) else {
        throw CallFailure(operation: .read, path: inbox.shown(name), number: EIO)
      }
      try inbox.rename(name, to: work, name, replacing: true)
      try work.remove(name)
    } catch let error as CallFailure {
      throw error.failure
    } catch let error as Failure {
      throw error
    } catch {
      throw Failure(.fault, code: "spool.system", "\(inbox.path): \(error)")
    }
  }
}
