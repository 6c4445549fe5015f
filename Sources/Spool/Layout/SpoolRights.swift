import Diagnostics

@preconcurrency import Glibc

/// The access rights of a spool. Its folders define them: users who may write in `inbox` may submit
/// jobs, and the group that may read `outbox` may read answers and use the control socket. Everything
/// else is for the daemon's user alone.
enum SpoolRights {
  /// The rights that nothing made by the daemon has.
  static let umask: mode_t = 0o027

  /// The files of the store, including those that SQLite adds.
  static func storeFiles(_ path: String) -> [String] { [path, path + "-wal", path + "-shm"] }

  /// Creates the store readable only for the daemon's user, before SQLite creates it with other rights.
  static func closeStore(_ path: String) {
    // An existing store is not opened, because closing it would release locks that SQLite has on it.
    let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    if descriptor >= 0 { close(descriptor) }
    for file in storeFiles(path) { chmod(file, 0o600) }
  }

  /// The group of a file, if it has a name.
  static func groupName(_ group: gid_t) -> String {
    getgrgid(group).map { String(cString: $0.pointee.gr_name) } ?? "\(group)"
  }

  /// The name of a user, if there is one.
  static func userName(_ user: uid_t) -> String {
    getpwuid(user).map { String(cString: $0.pointee.pw_name) } ?? "\(user)"
  }

  /// Advice on how to get access to the control socket.
  static func remedy(_ socket: String) -> String {
    var status = stat()
    guard stat(socket, &status) == 0 else {
      return "Have the daemon's user let you into the folder of the spool."
    }
    guard status.st_mode & 0o060 == 0o060 else {
      return
        "Work as the user “\(userName(status.st_uid))”, or let a group in: docs/daemon.md says how."
    }
    let group = groupName(status.st_gid)
    return "Join the group “\(group)”, such as with usermod -aG \(group) NAME, and log in again."
  }

  /// The failure for a store that may not be read while no daemon is running.
  static func refusal(_ root: String) -> Failure {
    var status = stat()
    let path = stat(SpoolLayout.store(in: root), &status) == 0 ? SpoolLayout.store(in: root) : root
    let owner = stat(path, &status) == 0 ? "the user “\(userName(status.st_uid))”" : "another user"
    return Failure(
      .missingInput, code: .storeAccess,
      "no daemon works on \(root), and only \(owner) may read what is stored there",
      remedy: "Start the daemon, which can be asked, or work as that user.")
  }
}

extension SpoolLayout {
  /// The group that may read answers and therefore use the control socket; `nil` for none.
  func answerReaders() throws -> gid_t? {
    var status = stat()
    try outbox.calls.call(.status, outbox.path) { fstat(outbox.descriptor, &status) }
    return status.st_mode & 0o050 == 0o050 ? status.st_gid : nil
  }

  /// Removes rights that only the daemon's user may have: to replace its folders, to change answers, and
  /// to read jobs in progress. Rights to read that were given to a group stay.
  ///
  /// - Returns: the changes, in words.
  func closeToOthers() throws -> [String] {
    chmod(Self.lock(in: root.path), 0o600)
    var words: [String] = []
    for (folder, forbidden): (Folder, mode_t) in [
      (root, 0o022), (work, 0o077), (outbox, 0o022), (failed, 0o022), (archive, 0o022),
    ] {
      var status = stat()
      try folder.calls.call(.status, folder.path) { fstat(folder.descriptor, &status) }
      let mode = status.st_mode & 0o7777
      guard mode & forbidden != 0, status.st_uid == geteuid() || geteuid() == 0 else { continue }
      // Without the set-group-ID bit, which a sandbox may forbid setting.
      let narrower = mode & ~forbidden & ~0o6000
      if fchmod(folder.descriptor, narrower) == 0 {
        words.append(
          "\(folder.path): rights \(String(mode, radix: 8)) are now \(String(narrower, radix: 8))")
      }
    }
    return words
  }
}
