import Diagnostics
import WorkerProtocol

/// The memory of jobs, and corrections of predictions by measurements.
extension Dispatcher {
  /// The memory for a job's next attempt.
  func memory(for job: Job) throws -> WorkerJob.Memory {
    WorkerJob.Memory(
      budget: settings.memoryBudget == 0 ? nil : settings.memoryBudget, target: job.memoryTarget,
      margin: try store.memoryRatio(model: modelKey).map { max(1, $0) })
  }

  /// The key of the model's memory ratio: folder and precision, because another precision needs other
  /// memory.
  private var modelKey: String {
    settings.weights.isEmpty ? settings.model : "\(settings.model) (\(settings.weights))"
  }

  /// Compares the prediction with the measurement.
  func learn(from plan: WorkerPlan?, _ summary: WorkerSummary) {
    guard let plan else { return }
    do {
      try store.learnMemory(
        model: modelKey, measured: summary.peakMemory, predicted: plan.uncorrected,
        now: clock.wall())
    } catch {
      // The answer exists and matters more than the next prediction.
      let failure = Failure.describing(error)
      report(.warning, nil, "what the job took in memory is not noted: \(failure.message)")
    }
  }

  /// The outcome of a job whose worker reports too little memory.
  func outOfMemory(
    _ error: ErrorReport, _ running: WorkerSlot.Running, _ end: JobStore.AttemptEnd
  ) -> Outcome {
    var end = end
    switch error.code {
    case .memoryNever, .computeTooLarge:
      // No other process could free enough memory for it.
      return .giveUp(.failed, error, end)
    case .computeNoMemory:
      // Memory ran out during the work, whatever was planned, so this counts like a killed worker.
      end.memoryTarget = lowerTarget(running)
      return again(running.job, error, end)
    default:
      end.isRefunded = true
      return .putBack(
        .waitingMemory, wait: memoryWait(running.job), error, end,
        "waits for memory: \(error.message)")
    }
  }

  /// The wait before a job without enough memory is tried again: seconds at first, at most a minute,
  /// because memory may become free at any time. Another try costs decoding the media, not computing.
  private func memoryWait(_ job: Job) -> Int {
    Backoff(first: settings.retryFirst, most: min(60, settings.retryMax))
      .milliseconds(after: job.memoryWaits.addingClamped(1))
  }

  /// The limit for the attempt after a worker was killed for its memory: four fifths of the least of its
  /// budget, its prediction and its own limit.
  ///
  /// - Returns: `nil` for a worker that died before it planned anything.
  func lowerTarget(_ running: WorkerSlot.Running) -> Int? {
    let held = [running.plan?.predicted, running.plan?.budget, running.job.memoryTarget]
    return held.compactMap(\.self).min().map { $0 / 5 * 4 }
  }
}

extension JobStore.AttemptEnd {
  /// Adds the memory plan of the attempt.
  mutating func note(_ plan: WorkerPlan?) {
    predictedMemory = plan?.predicted
    memoryBudget = plan?.budget
  }
}
