@preconcurrency import Glibc

/// The files of a store as they lie at their paths: whoever removes or replaces one while it is open
/// changes nothing for the one who has it open, who would never hear of it.
struct StoreFiles: Equatable {
  /// The endings of all that SQLite keeps beside each other.
  static let endings = ["", "-wal", "-shm"]
  /// Bytes that the log usually keeps: a thousand pages.
  static let usualLog = 4 << 20

  private(set) var identities: [String: FileStatus.Identity] = [:]
  /// Bytes of the log.
  private(set) var logBytes = 0

  /// What is at the path now.
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
