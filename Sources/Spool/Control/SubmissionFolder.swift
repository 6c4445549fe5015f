import Diagnostics

@preconcurrency import Glibc

/// A job's folder in the inbox while its files arrive: hidden, and in its place by one rename.
final class SubmissionFolder {
  let folder: Folder
  private let inbox: Folder
  private let id: String
  private let hidden: BytePath

  init(root: String, id: String, calls: SystemCalls) throws {
    self.id = id
    hidden = BytePath(".\(id).part")
    inbox = try Folder(path: root + "/inbox", calls: calls)
    folder = try inbox.makeFolder(hidden, mode: 0o770)
    // Locked as long as this process lives, so that the remains of a killed one can be recognized.
    flock(folder.descriptor, LOCK_EX | LOCK_NB)
    // The daemon is another user of the same group, whatever the umask. A sandbox may forbid this bit; there
    // the folder has it from the inbox.
    fchmod(folder.descriptor, 0o2770)
  }

  /// Bytes left on the disk.
  var freeBytes: Int { get throws { try folder.freeBytes() } }

  /// Writes the job's file and lets the daemon see the folder.
  func finish(_ document: [UInt8]) throws {
    try folder.write(document, to: InboxNames.folderJob)
    try folder.inParent(of: InboxNames.folderJob) { folder, name in
      name.withCString { _ = fchmodat(folder.descriptor, $0, 0o660, 0) }
    }
    try folder.sync()
    try inbox.rename(hidden, to: inbox, BytePath(id))
    try inbox.sync()
  }

  /// Removes what has arrived.
  func discard() { try? inbox.removeTree(hidden) }
}
