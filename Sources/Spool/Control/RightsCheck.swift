@preconcurrency import Glibc

/// Checks that only the intended users have rights in a spool.
enum RightsCheck {
  /// The problems with the rights of its folders and files.
  static func findings(_ root: String) -> [Checkup.Finding] {
    var findings: [Checkup.Finding] = []
    let store = SpoolRights.storeFiles(SpoolLayout.store(in: root))
    let answers = ["outbox", "failed", "archive"].map { root + "/" + $0 }
    for (paths, forbidden, harm): ([String], mode_t, String) in [
      ([root], 0o022, "replace the daemon's folders"),
      ([root + "/work"], 0o077, "look into jobs at work, or change them"),
      (store + [SpoolLayout.lock(in: root)], 0o077, "read or change what the daemon remembers"),
      (answers, 0o022, "change answers"),
    ] {
      for path in paths {
        guard let mode = mode(path), mode & forbidden != 0 else { continue }
        findings.append(
          Checkup.Finding(
            level: .bad, subject: "rights",
            message: "\(path) has the rights \(String(mode, radix: 8)): others may \(harm)",
            remedy: "Run chmod \(String(mode & ~forbidden, radix: 8)) \(path)."))
      }
    }
    findings += [who(root + "/inbox", 0o030, 0o003, "drop files")]
    findings += [who(root + "/outbox", 0o050, 0o005, "read answers and give orders")]
    return findings
  }

  private static func mode(_ path: String) -> mode_t? {
    var status = stat()
    return lstat(path, &status) == 0 ? status.st_mode & 0o7777 : nil
  }

  /// Describes who has rights on a folder: its group, or all other users.
  private static func who(
    _ path: String, _ group: mode_t, _ others: mode_t, _ what: String
  ) -> Checkup.Finding {
    var status = stat()
    guard lstat(path, &status) == 0 else {
      return Checkup.Finding(
        level: .note, subject: "rights",
        message: "\(path): \(String(cString: strerror(errno)))")
    }
    let user = SpoolRights.userName(status.st_uid)
    let groupName = SpoolRights.groupName(status.st_gid)
    let mode = status.st_mode
    if mode & others == others {
      return Checkup.Finding(
        level: .note, subject: "rights", message: "everybody on this machine may \(what) (\(path))",
        remedy: "Run chmod o= \(path) to leave it to the group “\(groupName)”.")
    }
    let mayGroup = mode & group == group
    return Checkup.Finding(
      level: .good, subject: "rights",
      message: mayGroup
        ? "the user “\(user)” and the group “\(groupName)” may \(what)"
        : "the user “\(user)” may \(what), and nobody else")
  }
}
