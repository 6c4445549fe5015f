import Diagnostics

@preconcurrency import Glibc

/// The lock on a spool, held by one daemon at a time; the kernel releases it when that process ends, in
/// whatever way.
///
/// The folder itself is locked, so that removing a file does not allow a second lock. The lock file is
/// there for programs that look for one.
public final class SpoolLock {
  private var folder: Int32
  private var file: Int32
  private let path: String

  /// Takes the lock of the spool in a folder, or returns `nil` if another process has it.
  ///
  /// - Throws: when the folder or the file cannot be opened.
  public init?(root: String) throws(Failure) {
    folder = Glibc.open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    path = SpoolLayout.lock(in: root)
    file = -1
    guard folder >= 0 else {
      throw CallFailure(operation: .open, path: root, number: errno).failure
    }
    guard flock(folder, LOCK_EX | LOCK_NB) == 0 else { return nil }
    file = try Self.open(path)
  }

  deinit { release() }

  /// Releases the lock.
  func release() {
    if file >= 0 { close(file) }
    if folder >= 0 { close(folder) }
    (file, folder) = (-1, -1)
  }

  private static func open(_ path: String) throws(Failure) -> Int32 {
    let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else {
      throw CallFailure(operation: .open, path: path, number: errno).failure
    }
    return descriptor
  }

  /// Takes the lock as soon as it is free.
  ///
  /// - Parameters:
  ///   - patience: milliseconds to wait for a process that is not a daemon, such as a command that is
  ///     storing a request.
  ///   - isStopped: called while waiting; `true` ends the wait.
  /// - Throws: `spool.busy` when a daemon is running, or a process holds the lock for longer.
  static func wait(
    root: String, patience: Int, clock: SpoolClock = .system, isStopped: () -> Bool = { false }
  ) throws(Failure) -> SpoolLock {
    let end = clock.steady() + patience
    var lock: SpoolLock?
    while true {
      if lock == nil { lock = try SpoolLock(root: root) }
      if let lock, lock.hasFile { return lock }
      if isListening(root) {
        throw Failure(
          .fault, code: .spoolBusy, "another daemon works on \(root)",
          remedy: "Stop it first, or use another spool.")
      }
      guard clock.steady() < end, !isStopped() else { break }
      usleep(50_000)
    }
    // This process has locked the folder, so the holder of the file is not a daemon.
    if let lock { return lock }
    throw Failure(
      .fault, code: .spoolBusy,
      "another process holds the lock of \(root) and is not a daemon that answers",
      remedy: "Find it with lslocks or fuser, and end it.")
  }

  /// Also locks the file, if it is free.
  private var hasFile: Bool { flock(file, LOCK_EX | LOCK_NB) == 0 }

  /// Whether a process accepts requests for the spool.
  private static func isListening(_ root: String) -> Bool {
    let address = Array(SpoolLayout.socket(in: root).utf8)
    guard address.count <= UnixAddress.maxBytes else { return false }
    let descriptor = socket(
      AF_UNIX,
      Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    let result = UnixAddress.with(address) { connect(descriptor, $0, $1) }
    return result == 0 || errno == EAGAIN || errno == EINPROGRESS
  }

  /// Restores the lock file, and locks it.
  ///
  /// - Returns: a message for the user; `nil` where nothing was wrong.
  func renew() -> String? {
    var (own, now) = (stat(), stat())
    if fstat(file, &own) == 0, lstat(path, &now) == 0, own.st_dev == now.st_dev,
      own.st_ino == now.st_ino
    {
      return nil
    }
    guard let descriptor = try? Self.open(path) else {
      return "\(path) was removed or replaced and cannot be made again; the spool stays locked"
    }
    _ = flock(descriptor, LOCK_EX | LOCK_NB)
    close(file)
    file = descriptor
    return "\(path) was removed or replaced: it is locked again, and the spool was all the time"
  }
}
