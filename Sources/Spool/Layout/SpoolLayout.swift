import Diagnostics

@preconcurrency import Glibc

/// The folders of a spool, open.
///
/// Not for use from several threads at a time.
public final class SpoolLayout {
  /// The folders in the root.
  public enum Place: String, Sendable, CaseIterable {
    case inbox, work, outbox, failed, archive

    /// Its name in the root.
    var name: BytePath { BytePath(rawValue) }
  }

  /// The folder that all others are in.
  public let root: Folder
  private var folders: [Place: Folder] = [:]

  /// Where jobs are dropped.
  public var inbox: Folder { folder(.inbox) }
  /// Jobs that were taken, one folder each.
  public var work: Folder { folder(.work) }
  /// Answers, one folder each.
  public var outbox: Folder { folder(.outbox) }
  /// Jobs that were given up, one folder each.
  public var failed: Folder { folder(.failed) }
  /// Files of answered jobs that are kept, one folder each.
  public var archive: Folder { folder(.archive) }

  /// One of the folders, as it is open now.
  func folder(_ place: Place) -> Folder {
    // All of them are there from the start.
    folders[place] ?? root
  }

  /// Goes on with the folder that has the place's name now, and makes it where there is none.
  func open(_ place: Place) throws {
    // The inbox 0770 less the umask: cameras and people who drop files belong to the group. Answers
    // are for the daemon's user until a person lets a group in; SpoolRights says how.
    let isGone = try root.status(place.name) == nil
    let folder = try root.makeFolder(place.name, mode: place == .inbox ? 0o770 : 0o700)
    // One that is made again is for the same people as the one that was there.
    var before = stat()
    if isGone, let known = folders[place], fstat(known.descriptor, &before) == 0 {
      _ = fchown(folder.descriptor, uid_t.max, before.st_gid)
      _ = fchmod(folder.descriptor, before.st_mode & 0o7777)
    }
    folders[place] = folder
  }

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
      for place in Place.allCases { try open(place) }
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
      do {
        try inbox.rename(name, to: work, name, replacing: true)
        try work.remove(name)
      } catch let failure as CallFailure where failure.number == EXDEV {
        // Another file system: what is taken is copied.
        try work.write(Array("probe".utf8), to: name)
        try work.remove(name)
        try inbox.remove(name)
      }
    } catch let error as CallFailure {
      throw error.failure
    } catch let error as Failure {
      throw error
    } catch {
      throw Failure(.fault, code: .spoolSystem, "\(inbox.path): \(error)")
    }
  }
}
