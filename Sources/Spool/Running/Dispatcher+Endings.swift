import Basics
import Diagnostics
import WorkerProtocol

extension Dispatcher {
  /// Handles the messages of a worker, and stops it where it takes too long.
  func attend(to slot: WorkerSlot, now: Int) {
    if slot.wantsToWrite { slot.write() }
    let news = slot.news(now: now)
    // Before what it is part of is written down.
    if let model = slot.takeOpened() { disposal.opened = model }
    for news in news { take(news, from: slot, now: now) }
    if let cage = slot.takeCage() { note(cage) }
    if let running = slot.running {
      if let stopping = running.stopping {
        if now >= stopping.killAt { slot.killNow() }
      } else if now >= running.deadline {
        report(.warning, running.job.id, "takes too long: its worker is ended")
        slot.stop(.deadline, now: now, patience: 2000)
      } else if now - running.lastProgress >= SpoolClock.milliseconds(settings.stall) {
        report(.warning, running.job.id, "makes no progress: its worker is ended")
        slot.stop(.stalled, now: now, patience: 0)
      }
    } else if slot.descriptor >= 0,
      now - slot.idleSince >= SpoolClock.milliseconds(settings.idleUnload)
    {
      slot.release()
      report(.info, nil, "worker let go: nothing to do")
    }
  }

  private func take(_ news: WorkerSlot.News, from slot: WorkerSlot, now: Int) {
    guard let running = slot.running else { return }
    let job = running.job
    let stage = running.progress?.stage
    slot.finish(now: now)
    switch news {
    case .done(let summary):
      durations.add(summary.seconds)
      lastSummary = summary
      learn(from: running.plan, summary)
      var end = JobStore.AttemptEnd(ending: .done, peakMemory: summary.peakMemory)
      end.note(running.plan)
      conclude(job, .deliver(summary, end, duplicateOf: nil))
    case .failed(var error):
      error.stage = stage
      // A worker can read only the folder that existed when it was started.
      if error.kind == .modelUnusable { slot.release() }
      conclude(job, outcome(of: error, running))
    case .cancelled: conclude(job, outcome(of: running, nil).at(stage))
    case .ended(let exit): conclude(job, outcome(of: running, exit).at(stage))
    }
  }

  /// The outcome of a job for the error that its worker reported.
  private func outcome(of error: ErrorReport, _ running: WorkerSlot.Running) -> Outcome {
    let job = running.job
    var end = JobStore.AttemptEnd(ending: .failed, detail: error.message)
    end.note(running.plan)
    switch error.kind {
    case .badInput, .missingInput, .usage:
      // Every attempt would end like this.
      return .giveUp(.failed, error, end)
    case .modelUnusable where running.hasSeenMedia:
      // The model is loaded already, so the error is about the media, or unknown.
      return again(job, error, end)
    case .modelUnusable:
      // No job is to blame, and every job would end like this.
      end.isRefunded = true
      hinder(by: error, seconds: 30)
      return .putBack(.queued, wait: 0, error, end, "back in the queue: \(error.message)")
    case .outOfMemory: return outOfMemory(error, running, end)
    case .fault: return again(job, error, end)
    }
  }

  /// The outcome of a job for the end of its worker's process or work.
  private func outcome(
    of running: WorkerSlot.Running, _ exit: WorkerExit?
  ) -> Outcome {
    let (job, stopping) = (running.job, running.stopping)
    var end = JobStore.AttemptEnd(
      ending: stopping?.ending ?? (exit?.signal == nil ? .exited : .signal),
      exitStatus: exit?.status, signal: exit?.signal)
    end.note(running.plan)
    switch end.ending {
    case .cancelled:
      let error = Failure(
        .fault, code: .spoolCancelled, "\(job.name) was cancelled",
        remedy: "Run illava retry \(job.id) to bring it back.")
      return .giveUp(.cancelled, ErrorReport(error), end)
    case .stopped:
      end.isRefunded = true
      return .putBack(.queued, wait: 0, nil, end, "back in the queue: the daemon is stopping")
    case .deadline, .stalled:
      let reason =
        end.ending == .deadline
        ? "took longer than it may"
        : "made no progress for \(TimeSpan.setting(seconds: settings.stall))"
      return again(
        job,
        ErrorReport(
          Failure(
            .fault, code: end.ending == .deadline ? .spoolDeadline : .spoolStalled,
            "\(job.name) \(reason)",
            remedy:
              "Ask for fewer frames or pixels, or raise running.\(end.ending == .deadline ? "deadline" : "stall")."
          )),
        end)
    case .exited, .signal, .done, .failed, .interrupted:
      let reason =
        end.signal.map { "was ended by signal \($0)" }
        ?? "exited with status \(end.exitStatus ?? -1)"
      end.detail = "the worker \(reason)"
      let isMemory = end.signal == 9 || end.exitStatus == Int(Failure.Kind.outOfMemory.exitStatus)
      if isMemory { end.memoryTarget = lowerTarget(running) }
      return again(
        job,
        ErrorReport(
          Failure(
            .fault, code: .spoolWorkerEnded,
            "the worker \(reason) while it worked on \(job.name)",
            remedy: isMemory
              ? "Ask for fewer frames or pixels, or raise the memory limit: most often it is the cause."
              : "Use another copy of the file if it happens again: no check finds every damage.")),
        end)
    }
  }

  /// The outcome that tries a job again, or gives it up after the last attempt.
  func again(
    _ job: Job, _ error: ErrorReport, _ end: JobStore.AttemptEnd
  ) -> Outcome {
    guard job.attempts < settings.maxAttempts else { return .giveUp(.failed, error, end) }
    return .putBack(
      .retrying, wait: wait(job), error, end,
      "attempt \(job.attempts) of \(settings.maxAttempts) went wrong: \(error.message)")
  }

  private func wait(_ job: Job) -> Int {
    Backoff(first: settings.retryFirst, most: settings.retryMax)
      .milliseconds(after: max(1, job.attempts))
  }

  /// Records an outcome, now or as soon as possible.
  func conclude(_ job: Job, _ outcome: Outcome) {
    digests.drop(job.id)
    outcomes[job.id] = (job, outcome, clock.steady())
    settle(job.id)
  }

  /// Tries to record an outcome.
  func settle(_ id: String) {
    guard let (job, outcome, _) = outcomes[id] else { return }
    do {
      switch outcome {
      case .deliver(let summary, let end, let duplicateOf):
        try deliver(job, summary, end, duplicateOf)
      case .giveUp(let state, let error, let end):
        try disposal.giveUp(job, state: state, error: error, end: end)
        report(state == .failed ? .error : .notice, id, "\(state.rawValue): \(error.message)")
      case .putBack(let state, let wait, let error, let end, let text):
        try store.putBack(
          id, state: state, notBefore: wait == 0 ? 0 : clock.wall() + wait, error: error, end: end,
          text: text, now: clock.wall())
        report(end.isRefunded ? .info : .warning, id, text)
      }
      outcomes[id] = nil
      lastTrouble = ""
    } catch {
      let failure = Failure.describing(error)
      if case .deliver(_, var end, _) = outcome, failure.kind == .badInput {
        // The worker's output contains something that is not an answer, such as a link.
        end.ending = .failed
        outcomes[id] = (job, again(job, ErrorReport(failure), end), clock.steady())
        return
      }
      if case .deliver(_, var end, _) = outcome, failure.code == .spoolTaken {
        // Only this job cannot be stored; it ends, and the others continue.
        end.ending = .failed
        outcomes[id] = (job, .giveUp(.failed, ErrorReport(failure), end), clock.steady())
        return
      }
      // No jobs are started while an outcome cannot be recorded.
      hinder(by: ErrorReport(failure), seconds: 1)
      if lastTrouble != failure.message {
        report(.error, id, "cannot be concluded now: \(failure.message)")
      }
      lastTrouble = failure.message
      if let entry = outcomes[id] {
        outcomes[id] = (entry.job, entry.outcome, clock.steady() + 1000)
      }
    }
  }

  private func deliver(
    _ job: Job, _ summary: WorkerSummary?, _ end: JobStore.AttemptEnd, _ duplicateOf: String?
  ) throws {
    if try !disposal.hasAnswer(job.id) {
      var failed = end
      failed.ending = .failed
      let error = ErrorReport(
        Failure(.fault, code: .spoolNoAnswer, "the worker wrote no answer for \(job.name)"))
      outcomes[job.id] = (job, again(job, error, failed), clock.steady())
      settle(job.id)
      return
    }
    // A duplicate has no attempt to end.
    try disposal.deliver(
      job, summary: summary, end: duplicateOf == nil ? end : nil, duplicateOf: duplicateOf)
    report(.notice, job.id, "done: \(job.name)")
    for warning in summary?.warnings ?? [] { report(.warning, job.id, warning) }
  }

  // MARK: - What people ask for

  /// Cancels a job; a running one ends as soon as its worker stops.
  ///
  /// - Returns: whether the job had not ended yet.
  func cancel(_ job: Job, now: Int) -> Bool {
    guard !job.state.isFinal, outcomes[job.id] == nil else { return false }
    if let slot = slots.first(where: { $0.running?.job.id == job.id }) {
      slot.stop(.cancelled, now: now, patience: 5000)
      return true
    }
    let error = Failure(
      .fault, code: .spoolCancelled, "\(job.name) was cancelled",
      remedy: "Run illava retry \(job.id) to bring it back.")
    conclude(job, .giveUp(.cancelled, ErrorReport(error), nil))
    return true
  }

  /// Asks all workers to stop their jobs.
  func stopAll(now: Int, patience: Int) {
    for slot in slots where slot.running != nil {
      slot.stop(.stopped, now: now, patience: patience)
    }
  }

  /// Releases all workers.
  func releaseAll() {
    for slot in slots { slot.release() }
    slots = []
  }
}
