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
  private static let litter: Set<String> = [
    "@eadir", "#recycle", "#snapshot", "@recycle", "thumbs.db", "desktop.ini", "lost+found",
    "system volume information", "$recycle.bin", "ehthumbs.db", "__macosx", "icon\r",
  ]

  /// The file that makes a folder a job, if one of these does.
  static func folderJob(among names: some Sequence<BytePath>) -> BytePath? {
    let jobs = names.filter { meaning($0) == .folderJob }
    return jobs.contains(folderJob)
      ? folderJob : jobs.min { $0.bytes.lexicographicallyPrecedes($1.bytes) }
  }

  /// The meaning of the last part of a path.
  static func meaning(_ name: BytePath) -> Meaning {
    if name.hasPrefix(".") || name.hasPrefix("~$") { return .ignored }
    let lower = String(decoding: name.bytes, as: UTF8.self).lowercased()
    if litter.contains(lower) || unfinished.contains(where: lower.hasSuffix) { return .ignored }
    if name == FolderSettings.fileName { return .settings }
    if lower == FolderSettings.fileName.escaped { return .misspelledSettings }
    // Windows and cameras write names large.
    if lower == folderJob.escaped { return .folderJob }
    if lower.hasSuffix(".job.json") { return .jobFile }
    if let media = name.removing(anyCase: ".json") { return .sidecar(of: media, isText: false) }
    if let media = name.removing(anyCase: ".txt") { return .sidecar(of: media, isText: true) }
    return .media
  }
}
