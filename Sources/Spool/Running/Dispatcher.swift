import Answers
import Basics
import Diagnostics
import WorkerProtocol

/// Gives jobs to workers and handles their ends.
///
/// Not for use from several threads at a time; `step` is called whenever something may have
/// happened, and never waits.
final class Dispatcher {
  /// What happens to a job whose attempt has ended.
  enum Outcome {
    case deliver(WorkerSummary?, JobStore.AttemptEnd, duplicateOf: String?)
    case giveUp(JobState, ErrorReport, JobStore.AttemptEnd?)
    case putBack(JobState, wait: Int, ErrorReport?, JobStore.AttemptEnd, String)

    /// The same outcome, with the stage of the attempt.
    func at(_ stage: String?) -> Outcome {
      func told(_ error: ErrorReport) -> ErrorReport {
        var error = error
        error.stage = stage
        return error
      }
      return switch self {
      case .deliver: self
      case .giveUp(let state, let error, let end): .giveUp(state, told(error), end)
      case .putBack(let state, let wait, let error, let end, let text):
        .putBack(state, wait: wait, error.map(told), end, text)
      }
    }
  }

  let layout: SpoolLayout
  let store: JobStore
  let disposal: Disposal
  let clock: SpoolClock
  let launcher: any WorkerLauncher
  var settings: Settings
  var report: (LogLevel, String?, String) -> Void = { _, _, _ in }

  var slots: [WorkerSlot] = []
  /// Outcomes that could not be recorded yet, and when to try again, by the steady clock.
  var outcomes: [String: (job: Job, outcome: Outcome, time: Int)] = [:]
  /// Whether no jobs are started because the daemon is stopping.
  var isDraining = false
  /// Whether a user has paused the queue.
  var isPaused = false
  /// Why no jobs are started now, and until when, by the steady clock.
  var obstacle: (error: ErrorReport, until: Int)?
  /// The last reported reason why an outcome could not be recorded.
  var lastTrouble = ""
  var durations = StageDurations()
  /// The restrictions on the latest worker.
  var cage: WorkerCage?
  /// The summary of the last answer.
  var lastSummary: WorkerSummary?
  /// Computes digests of jobs, where duplicates matter.
  let digests = DigestReader()

  init(
    layout: SpoolLayout, store: JobStore, disposal: Disposal, clock: SpoolClock,
    launcher: any WorkerLauncher, settings: Settings
  ) {
    self.layout = layout
    self.store = store
    self.disposal = disposal
    self.clock = clock
    self.launcher = launcher
    self.settings = settings
  }

  /// Whether a worker is busy or an outcome is still to be recorded.
  var isBusy: Bool { slots.contains { $0.running != nil } || !outcomes.isEmpty }

  /// When to call `step` again even without an event, by the steady clock.
  func nextTime() throws -> Int {
    var times = outcomes.values.map(\.time)
    if !isDraining, !digests.reading.isEmpty { times.append(clock.steady() + 50) }
    for slot in slots {
      if let running = slot.running {
        times.append(
          running.stopping?.killAt
            ?? min(running.deadline, running.lastProgress + SpoolClock.milliseconds(settings.stall))
        )
      } else if slot.descriptor >= 0 {
        times.append(slot.idleSince + SpoolClock.milliseconds(settings.idleUnload))
      }
    }
    if let obstacle { times.append(obstacle.until) }
    if !isDraining, !isPaused, obstacle == nil, hasFreeSlot, let next = try store.nextTime() {
      // No wait is longer than a year; a damaged store may contain any number.
      let wait = min(max(next, 0), 1 << 60) - clock.wall()
      times.append(clock.steady() + max(0, min(wait, 31_536_000_000)))
    }
    return times.min() ?? .max
  }

  private var hasFreeSlot: Bool {
    slots.count < settings.workers || slots.contains { $0.running == nil }
  }

  /// Handles messages of workers, stops those that take too long, and starts jobs.
  func step() throws {
    let now = clock.steady()
    for slot in slots { attend(to: slot, now: now) }
    for id in outcomes.keys.sorted() where outcomes[id]?.time ?? 0 <= now { settle(id) }
    if let until = obstacle?.until, until <= now { obstacle = nil }
    // If the number of workers was reduced, idle ones are released.
    while slots.count > settings.workers, let index = slots.lastIndex(where: { $0.running == nil })
    {
      slots.remove(at: index).release()
    }
    try beginJobs(now: now)
  }

  // MARK: - Beginning

  private func beginJobs(now: Int) throws {
    while !isDraining, !isPaused, obstacle == nil, hasFreeSlot,
      let job = try store.next(now: clock.wall(), except: digests.reading),
      outcomes[job.id] == nil
    {
      if let refusal = job.claim.refusal {
        conclude(job, .giveUp(.failed, refusal, nil))
        continue
      }
      guard try hasSpace() else { return }
      do {
        guard try offer(job, now: now) else { return }
      } catch {
        cannotBegin(job, error)
      }
    }
  }

  /// Answers a job with an earlier answer, or gives it to a worker.
  ///
  /// - Returns: `false` where no more jobs can be started now, because enough digests are being
  ///   computed.
  private func offer(_ job: Job, now: Int) throws -> Bool {
    if settings.duplicates != .run {
      guard digests.reading.count < DigestReader.most else { return false }
      switch try content(of: job) {
      case .reading: return true
      case .done(let content) where try repeatAnswer(content, for: job):
        digests.drop(job.id)
        return true
      case .done, .failed: break
      }
    }
    try begin(job, now: now)
    return true
  }

  /// Handles a job that could not be started: its files may be gone, which ends the job, or something is
  /// wrong with the spool, which is not the job's fault.
  private func cannotBegin(_ job: Job, _ error: any Error) {
    digests.drop(job.id)
    if (try? disposal.checkPlaces()) != nil, (try? disposal.hasInput(job.id)) == false {
      conclude(job, .giveUp(.failed, ErrorReport(Reconciler.vanished(job)), nil))
      return
    }
    let failure = Failure.describing(error)
    if failure.kind == .missingInput || failure.kind == .badInput {
      // A problem of this job does not delay the others.
      conclude(job, .giveUp(.failed, ErrorReport(failure), nil))
      return
    }
    hinder(by: ErrorReport(failure), seconds: 5)
    report(.error, job.id, "cannot be begun now: \(failure.message)")
  }

  private func begin(_ job: Job, now: Int) throws {
    try disposal.checkPlaces()
    guard try disposal.hasInput(job.id) else { throw Reconciler.vanished(job) }
    let output = try disposal.makeOutput(job.id)
    // Before the store marks it as running, so that a job that cannot be started stays in the queue.
    let memory = try memory(for: job)
    guard try store.begin(job.id, now: clock.wall()), let charged = try store.job(job.id) else {
      return
    }
    guard let media = openInputs(of: charged) else { return }
    let command = WorkerJob(
      origin: try origin(of: charged),
      media: job.claim.media.map {
        WorkerJob.Medium(
          file: String(decoding: $0.file.last.bytes, as: UTF8.self), name: $0.name)
      },
      turns: job.claim.turns, prompts: job.claim.prompts, options: job.claim.options,
      model: WorkerJob.Model(
        path: settings.model, weights: settings.weights.isEmpty ? nil : settings.weights,
        threads: settings.threads == 0 ? nil : settings.threads),
      memory: memory,
      limits: WorkerJob.Limits(
        videoGigapixels: settings.videoGigapixels,
        animationGigapixels: settings.animationGigapixels),
      visualize: job.claim.visualize ?? settings.visualize,
      // A job can only follow up where files are kept. With several workers it may reach another one,
      // and what this one keeps would be memory that the others lack.
      keepsMedia: settings.workers == 1 && settings.afterDone != .delete)
    let slot: WorkerSlot
    if let free = slots.first(where: { $0.running == nil && $0.descriptor >= 0 })
      ?? slots.first(where: { $0.running == nil })
    {
      slot = free
    } else {
      slot = WorkerSlot()
      slots.append(slot)
    }
    do {
      try slot.begin(
        charged, WorkerSlot.Assignment(command: command, media: media, output: output),
        deadline: now + SpoolClock.milliseconds(time(for: job.claim)), now: now,
        launcher: launcher)
    } catch {
      // The attempt was counted but never started, so it is taken back.
      let failure = Failure.describing(error)
      slot.finish(now: now)
      conclude(
        charged,
        .putBack(
          .queued, wait: 0, nil,
          JobStore.AttemptEnd(ending: .failed, detail: failure.message, isRefunded: true),
          "back in the queue: \(failure.message)"))
      throw failure
    }
    digests.drop(job.id)
    report(.info, job.id, "begun: \(job.name), attempt \(charged.attempts)")
  }

  /// What a worker says of a job whose attempt has begun.
  private func origin(of job: Job) throws -> AnswerOrigin {
    let document = StoredDocument.make(
      job, attempts: try store.attempts(of: job.id), host: HostName.current, model: nil)
    return AnswerOrigin(job: document.job, host: document.host)
  }

  /// The deadline of a job in seconds: longer for large media and many questions, up to a limit.
  private func time(for claim: JobClaim) -> Double {
    let mebibytes = Double(claim.mediaBytes) / 0x1p20
    let each = settings.deadline + mebibytes * settings.deadlinePerMiB
    let most = max(settings.deadline, settings.deadlineMax)
    return min(most, each * Double(max(1, claim.prompts.count)))
  }

  /// Whether there is enough disk space to start a job; otherwise the queue waits and reports it.
  func hasSpace() throws -> Bool {
    let free = try layout.work.freeBytes()
    guard free < settings.diskFloor else { return true }
    let failure = Failure(
      .fault, code: .spoolDiskFloor,
      "\(ByteCount.text(free)) are free on the disk of the spool, less than the "
        + "\(ByteCount.text(settings.diskFloor)) that are kept free",
      remedy: "Free some space, or lower limits.disk_floor; work goes on by itself then.")
    hinder(by: ErrorReport(failure), seconds: 5)
    return false
  }

  /// Starts no jobs for a while.
  func hinder(by error: ErrorReport, seconds: Double) {
    if obstacle?.error.code != error.code { report(.warning, nil, "paused: \(error.message)") }
    obstacle = (error, clock.steady() + SpoolClock.milliseconds(seconds))
  }
}
