import Diagnostics
import WorkerProtocol

/// What workers may do, and what they are handed because they may not.
extension Dispatcher {
  /// Opens the media of a job that was charged; where that fails, the attempt is over.
  func openInputs(of job: Job) -> [OpenedFile]? {
    do {
      return try JobInputs.open(job.claim, in: layout.work)
    } catch {
      let report = ErrorReport(Failure.describing(error))
      let end = JobStore.AttemptEnd(ending: .failed, detail: report.message)
      switch report.kind {
      case .badInput, .missingInput: conclude(job, .giveUp(.failed, report, end))
      default: conclude(job, again(job, report, end))
      }
      return nil
    }
  }

  /// Takes note of what a new worker is confined by, and says what is missing, once as long as it
  /// stays the same.
  func note(_ cage: WorkerCage) {
    if cage.missing != self.cage?.missing, !cage.missing.isEmpty {
      report(.warning, nil, "the worker's cage lacks: \(cage.missing.joined(separator: ", "))")
    }
    self.cage = cage
  }
}
