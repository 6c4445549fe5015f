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
  private static let litter: Set<String> = [
    "@eadir", "#recycle", "#snapshot", "@recycle", "thumbs.db", "desktop.ini", "lost+found",
    "system volume information", "$recycle.bin", "ehthumbs.db", "__macosx",
  ]

  /// The meaning of the last part of a path.
  static func meaning(_ name: BytePath) -> Meaning {
    if name.hasPrefix(".") || name.hasPrefix("~$") { return .ignored }
    let lower = String(decoding: name.bytes, as: UTF8.self).lowercased()
    if litter.contains(lower) || unfinished.contains(where: lower.hasSuffix) { return .ignored }
    if name == FolderSettings.fileName { return .settings }
    if name.hasSuffix(".job.json") { return .jobFile }
    if let media = name.removing(".json") { return .sidecar(of: media, isText: false) }
    if let media = name.removing(".txt") { return .sidecar(of: media, isText: true) }
    return .media
  }
}
