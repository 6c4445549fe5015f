import Diagnostics
import Synchronization

@preconcurrency import Glibc

/// A job whose files arrive piece by piece, straight into the inbox.
///
/// The daemon sees nothing of it before `submit`. What is neither submitted nor discarded is removed with
/// the value.
public final class PendingSubmission: Sendable {
  /// The id that the job will have.
  public let id: String
  private let root: String
  private let state: Mutex<State>

  private struct State: ~Copyable {
    var folder: SubmissionFolder?
    var taken: Set<String> = [InboxNames.folderJob.escaped]
    var names: [String] = []
    var bytes = 0
  }

  /// A file that is being written.
  public final class File: Sendable {
    fileprivate let descriptor: Int32
    private let path: String

    fileprivate init(_ descriptor: Int32, path: String) {
      self.descriptor = descriptor
      self.path = path
    }

    deinit { close(descriptor) }

    /// Adds bytes.
    ///
    /// - Throws: `spool.*`, such as for a full disk.
    public func write(_ bytes: [UInt8]) throws(Failure) {
      var place = 0
      while place < bytes.count {
        let count = bytes.withUnsafeBytes {
          Glibc.write(descriptor, $0.baseAddress.map { $0 + place }, $0.count - place)
        }
        if count < 0, errno == EINTR { continue }
        guard count > 0 else {
          throw CallFailure(operation: .write, path: path, number: errno).failure
        }
        place += count
      }
    }
  }

  /// Makes a hidden folder in the inbox.
  ///
  /// - Throws: `spool.*` where the inbox is missing or not writable.
  public init(root: String) throws(Failure) {
    self.root = root
    let id = JobIDs().next(milliseconds: SpoolClock.system.wall())
    self.id = id
    do {
      let folder = try SubmissionFolder(root: root, id: id, calls: SystemCalls())
      state = Mutex(State(folder: folder))
    } catch {
      throw Failure.describing(error)
    }
  }

  deinit { discard() }

  /// The names of the files so far.
  public var names: [String] { state.withLock { $0.names } }

  /// Bytes left on the disk of the inbox; `nil` where that is not known.
  public var freeBytes: Int? { state.withLock { try? $0.folder?.freeBytes } }

  /// Begins a file.
  ///
  /// - Parameter name: a name like the one it should have.
  /// - Throws: `spool.*`.
  public func file(named name: String) throws(Failure) -> File {
    do {
      return try state.withLock { state in
        guard let folder = state.folder?.folder else { throw Self.over }
        var name = SafeName.make(BytePath(name), taken: &state.taken)
        // A name with a special meaning in the inbox would not be taken as media.
        if InboxNames.meaning(BytePath(name)) != .media { name = "file-" + name + ".media" }
        let path = BytePath(name)
        let descriptor = try folder.calls.call(.open, folder.shown(path)) {
          path.withCString {
            openat(
              folder.descriptor, $0, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o660)
          }
        }
        fchmod(descriptor, 0o660)
        state.names.append(name)
        return File(descriptor, path: folder.shown(path))
      }
    } catch {
      throw Failure.describing(error)
    }
  }

  /// Brings a file to disk.
  ///
  /// - Throws: `spool.*`.
  public func finish(_ file: File) throws(Failure) {
    guard fsync(file.descriptor) == 0 else {
      throw CallFailure(operation: .sync, path: root, number: errno).failure
    }
  }

  /// Hands the job in.
  ///
  /// - Throws: `job.*` for invalid questions or options, `spool.*`.
  public func submit(_ submission: Submission) throws(Failure) {
    do {
      try state.withLock { state in
        guard let folder = state.folder else { throw Self.over }
        try folder.finish(try submission.document(state.names))
        state.folder = nil
      }
    } catch {
      throw Failure.describing(error)
    }
  }

  /// Removes everything that arrived, unless it was submitted.
  public func discard() {
    state.withLock { state in
      state.folder?.discard()
      state.folder = nil
    }
  }

  private static let over = Failure(
    .usage, code: .submitMissing, "these files were handed in already, or given up",
    remedy: "Send them again.")
}
