/// The meaning of file names in an inbox.
enum InboxNames {
  /// The file that makes a folder a job.
  static let folderJob: BytePath = "job.json"

  /// The meaning of a file's name.
  enum Meaning: Equatable {
    /// Not a job: hidden, incomplete, or left by a file server.
    case ignored
    /// The settings of its folder.
    case settings
    /// The name of the settings in another case, which is not read.
    case misspelledSettings
    /// The file that makes a folder a job.
    case folderJob
    /// A job file.
    case jobFile
    /// A sidecar, if the file it is named after is there.
    case sidecar(of: BytePath, isText: Bool)
    /// Any other name: a media file.
    case media
  }

  // Endings of unfinished files, for programs that write in place; upper and lower case are equal.
  private static let unfinished = [
    ".part", ".partial", ".tmp", ".temp", "~", ".crdownload", ".download", ".filepart", ".swp",
    ".opdownload",
  ]
  private static let unfinishedBytes = unfinished.map { Array($0.utf8) }
  private static let sidecarEndings = [
    (Array(".json".utf8), false), (Array(".txt".utf8), true),
  ]
  private static let jobEnding = Array(".job.json".utf8)
  private static let litterBytes = Set(litter.map { Array($0.utf8) })
  private static let litter = [
    "@eadir", "#recycle", "#snapshot", "@recycle", "thumbs.db", "desktop.ini", "lost+found",
    "system volume information", "$recycle.bin", "ehthumbs.db", "__macosx", "icon\r",
  ]

  /// The meaning of the last part of a path.
  static func meaning(_ name: BytePath) -> Meaning {
    if name.hasPrefix(".") || name.hasPrefix("~$") { return .ignored }
    let lower = NameText(name)
    if litterBytes.contains(lower.bytes) { return .ignored }
    if unfinishedBytes.contains(where: { lower.bytes == $0 || lower.ends(in: $0) }) {
      return .ignored
    }
    if name == FolderSettings.fileName { return .settings }
    if lower.bytes == FolderSettings.fileName.bytes { return .misspelledSettings }
    // Windows and cameras write names large.
    if lower.bytes == folderJob.bytes { return .folderJob }
    if lower.ends(in: jobEnding) { return .jobFile }
    for (ending, isText) in sidecarEndings where lower.ends(in: ending) {
      let medium = BytePath(bytes: name.bytes.dropLast(ending.count))
      return .sidecar(of: medium, isText: isText)
    }
    return .media
  }
}
