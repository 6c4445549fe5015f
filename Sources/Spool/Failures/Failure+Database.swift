import Diagnostics
import GRDB

extension Failure {
  /// The failure for an error of SQLite.
  static func database(_ error: DatabaseError, _ path: String) -> Failure {
    let message = "\(path): SQLite says “\(error.message ?? "\(error.resultCode)")”"
    return switch error.resultCode {
    case .SQLITE_CANTOPEN:
      Failure(
        .missingInput, code: .storeOpen, message,
        remedy: "Check that the spool is there and that you may read and write in it.")
    case .SQLITE_FULL:
      Failure(
        .fault, code: .spoolDiskFull, message,
        remedy: "Free some space on the disk of the spool; work goes on by itself then.")
    case .SQLITE_CORRUPT, .SQLITE_NOTADB:
      Failure(
        .fault, code: .storeDamaged, message,
        remedy:
          "Stop the daemon and move state.sqlite and the files named after it away: it begins "
          + "a new one and takes up what lies in work. Answers stay; of earlier jobs nothing is "
          + "listed any more.")
    case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
      Failure(
        .fault, code: .storeReadOnly, message,
        remedy: "Give the daemon's user the right to write in the folder of the spool.")
    default: Failure(.fault, code: .storeFailed, message)
    }
  }
}
