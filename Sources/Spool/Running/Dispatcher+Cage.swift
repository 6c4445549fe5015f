import Diagnostics
import WorkerProtocol

/// The restrictions on workers, and the files that they are passed because they may not open any.
extension Dispatcher {
  /// Opens the media of a job whose attempt has been counted; if that fails, the attempt ends.
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

  /// Records the restrictions on a new worker, and logs the missing ones, once as long as they stay the
  /// same.
  func note(_ cage: WorkerCage) {
    if cage.missing != self.cage?.missing, !cage.missing.isEmpty {
      report(.warning, nil, "the worker's cage lacks: \(cage.missing.joined(separator: ", "))")
    }
    self.cage = cage
  }
}
