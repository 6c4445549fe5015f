import Diagnostics

@preconcurrency import Glibc

/// The open folders of a spool.
///
/// Not for use from several threads at a time.
public final class SpoolLayout {
  /// The folders in the root.
  public enum Place: String, Sendable, CaseIterable {
    case inbox, work, outbox, failed, archive

    /// Its name in the root.
    var name: BytePath { BytePath(rawValue) }
  }

  /// The folder with all others.
  public let root: Folder
  private var folders: [Place: Folder] = [:]

  /// The folder in which jobs are submitted.
  public var inbox: Folder { folder(.inbox) }
  /// Claimed jobs, one folder each.
  public var work: Folder { folder(.work) }
  /// Answers, one folder each.
  public var outbox: Folder { folder(.outbox) }
  /// Jobs that were given up, one folder each.
  public var failed: Folder { folder(.failed) }
  /// Kept files of answered jobs, one folder each.
  public var archive: Folder { folder(.archive) }

  /// One of the folders, as currently open.
  func folder(_ place: Place) -> Folder {
    // All of them are open from the start.
    folders[place] ?? root
  }

  /// Switches to the folder that now has the place's name, and creates it if there is none.
  func open(_ place: Place) throws {
    // The inbox has mode 0770 minus the umask, because cameras and people who submit files belong to the
    // group. Answers are for the daemon's user until a user lets a group in; see SpoolRights.
    let isGone = try root.status(place.name) == nil
    let folder = try root.makeFolder(place.name, mode: place == .inbox ? 0o770 : 0o700)
    // A folder that is created again gets the owner and the rights of the previous one.
    var before = stat()
    if isGone, let known = folders[place], fstat(known.descriptor, &before) == 0 {
      _ = fchown(folder.descriptor, uid_t.max, before.st_gid)
      _ = fchmod(folder.descriptor, before.st_mode & 0o7777)
    }
    folders[place] = folder
  }

  /// The path of the store.
  public static func store(in root: String) -> String { root + "/state.sqlite" }
  /// The path of the control socket.
  public static func socket(in root: String) -> String { root + "/control.sock" }
  /// The path of the lock file; its holder may write the store.
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
      // The folder above may not be readable; then the name reaches the disk without a sync.
      if isNew { try? Folder(path: path + "/..", calls: calls).sync() }
      root = try Folder(path: path, calls: calls)
      for place in Place.allCases { try open(place) }
      try root.sync()
    } catch let error as CallFailure {
      throw error.failure
    }
  }

  /// Tests the operations that the inbox needs: create, write, read, rename, remove.
  ///
  /// - Throws: the first operation that fails, with its reason.
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
        // On another file system, claimed files are copied.
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
