import Diagnostics
import WorkerProtocol

/// What jobs may take of the memory, and what is learned from what they took.
extension Dispatcher {
  /// What a job's next attempt may take.
  func memory(for job: Job) throws -> WorkerJob.Memory {
    WorkerJob.Memory(
      budget: settings.memoryBudget == 0 ? nil : settings.memoryBudget, target: job.memoryTarget,
      margin: try store.memoryRatio(model: modelKey).map { max(1, $0) })
  }

  /// The model as ratios of memory are kept by: the same folder held otherwise is another one.
  private var modelKey: String {
    settings.weights.isEmpty ? settings.model : "\(settings.model) (\(settings.weights))"
  }

  /// Compares what was predicted with what was measured.
  func learn(from plan: WorkerPlan?, _ summary: WorkerSummary) {
    guard let plan else { return }
    do {
      try store.learnMemory(
        model: modelKey, measured: summary.peakMemory, predicted: plan.uncorrected,
        now: clock.wall())
    } catch {
      // The answer is there and counts more than the next prediction.
      let failure = Failure.describing(error)
      report(.warning, nil, "what the job took in memory is not noted: \(failure.message)")
    }
  }

  /// What it means for a job that its worker says there is no memory for it.
  func outOfMemory(
    _ error: ErrorReport, _ running: WorkerSlot.Running, _ end: JobStore.AttemptEnd
  ) -> Outcome {
    var end = end
    switch error.code {
    case .memoryNever, .computeTooLarge:
      // Nothing that could end would make room for it.
      return .giveUp(.failed, error, end)
    case .computeNoMemory:
      // It ran out in the middle, whatever was planned: like a death of memory.
      end.memoryTarget = lowerTarget(running)
      return again(running.job, error, end)
    default:
      end.isRefunded = true
      return .putBack(
        .waitingMemory, wait: memoryWait(running.job), error, end,
        "waits for memory: \(error.message)")
    }
  }

  /// The wait until a job that found no room looks again: seconds at first, in the end a minute, for
  /// room comes without notice. To look again costs decoding the media, not computing.
  private func memoryWait(_ job: Job) -> Int {
    Backoff(first: settings.retryFirst, most: min(60, settings.retryMax))
      .milliseconds(after: job.memoryWaits.addingClamped(1))
  }

  /// What the attempt after one that died of memory is to stay within: four fifths of the least that
  /// the dead one was allowed, expected to hold, or was itself to stay within.
  ///
  /// - Returns: `nil` for a worker that died before it planned anything.
  func lowerTarget(_ running: WorkerSlot.Running) -> Int? {
    let held = [running.plan?.predicted, running.plan?.budget, running.job.memoryTarget]
    return held.compactMap(\.self).min().map { $0 / 5 * 4 }
  }
}

extension JobStore.AttemptEnd {
  /// Takes in how the attempt was fitted into memory.
  mutating func note(_ plan: WorkerPlan?) {
    predictedMemory = plan?.predicted
    memoryBudget = plan?.budget
  }
}
