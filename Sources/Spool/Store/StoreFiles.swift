@preconcurrency import Glibc

/// The identities of the files at a store's paths. If a file is removed or replaced while it is open,
/// the process that has it open does not notice otherwise.
struct StoreFiles: Equatable {
  /// The endings of SQLite's files.
  static let endings = ["", "-wal", "-shm"]
  /// The usual size of the log: a thousand pages.
  static let usualLog = 4 << 20

  private(set) var identities: [String: FileStatus.Identity] = [:]
  /// The size of the log.
  private(set) var logBytes = 0

  /// The files that are at the path now.
  init(_ path: String) {
    for ending in Self.endings {
      var result = stat()
      guard lstat(path + ending, &result) == 0 else { continue }
      let status = FileStatus(result)
      identities[ending] = status.identity
      if ending == "-wal" { logBytes = status.size }
    }
  }

  /// The main file.
  var database: FileStatus.Identity? { identities[""] }

  static func == (left: StoreFiles, right: StoreFiles) -> Bool {
    left.identities == right.identities
  }
}
