import Diagnostics
import GRDB

extension Failure {
  /// The failure that describes any error of the spool.
  static func describing(_ error: any Error) -> Failure {
    switch error {
    case let failure as Failure: failure
    case let failure as CallFailure: failure.failure
    case let error as DatabaseError: database(error, "state.sqlite")
    default: Failure(.fault, code: .spoolSystem, "\(error)")
    }
  }

  /// Whether the same operation may succeed later without changes to the job.
  var isTransient: Bool {
    kind == .outOfMemory
      || [.spoolDiskFull, .spoolIO, .spoolReadOnly, .spoolSystem, .storeFailed]
        .contains(code)
  }
}
