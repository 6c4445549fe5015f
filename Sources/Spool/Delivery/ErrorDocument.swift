import Diagnostics
import WorkerProtocol

/// `error.json`: why a job was given up.
///
/// Members may be added within a schema version; readers ignore what they do not know.
struct ErrorDocument: Codable, Sendable {
  /// The version of this document's shape.
  var schema = 1
  /// The job's id.
  var id: String
  /// The job's name in the inbox.
  var name: String
  /// `failed` or `cancelled`.
  var state: JobState
  /// The error's code.
  var code: FailureCode
  /// The message.
  var message: String
  /// Advice on what to do.
  var remedy: String?
  /// The stage of the work; `nil` before any work was done.
  var stage: String?
  /// The kind of the error.
  var kind: String
  /// The number of attempts.
  var attempts: Int

  init(job: Job, state: JobState, error: ErrorReport) {
    id = job.id
    name = job.name
    self.state = state
    code = error.code
    message = error.message
    remedy = error.remedy
    stage = error.stage
    kind = error.kind.rawValue
    attempts = job.attempts
  }

  /// The error as the store has it.
  var report: ErrorReport? {
    Failure.Kind(rawValue: kind).map {
      var report = ErrorReport(Failure($0, code: code, message, remedy: remedy))
      report.stage = stage
      return report
    }
  }
}
