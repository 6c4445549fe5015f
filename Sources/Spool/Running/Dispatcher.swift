import Diagnostics
import WorkerProtocol

/// Gives jobs to workers and decides what their ends mean.
///
/// Not for use from several threads at a time; `step` is called whenever something may have
/// happened, and never waits.
final class Dispatcher {
  /// What is to be done about a job whose attempt is over.
  enum Outcome {
    case deliver(WorkerSummary?, JobStore.AttemptEnd, duplicateOf: String?)
    case giveUp(JobState, ErrorReport, JobStore.AttemptEnd?)
    case putBack(JobState, wait: Int, ErrorReport?, JobStore.AttemptEnd, String)

    /// The same outcome of an attempt that was in this stage.
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
  /// Ends that could not be written down yet, and when to try again, by the steady clock.
  var outcomes: [String: (job: Job, outcome: Outcome, time: Int)] = [:]
  /// Whether no new work is begun because the daemon is stopping.
  var isDraining = false
  /// Whether a person has paused the queue.
  var isPaused = false
  /// Why nothing is begun now, and until when, by the steady clock.
  var obstacle: (error: ErrorReport, until: Int)?
  var durations = StageDurations()
  /// What the last answer took.
  var lastSummary: WorkerSummary?
  private var digest: ContentDigest?

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

  /// Whether a worker is at work or an end is still to be written down.
  var isBusy: Bool { slots.contains { $0.running != nil } || !outcomes.isEmpty }

  /// When to call `step` again even if nothing happens, by the steady clock.
  func nextTime() throws -> Int {
    if digest != nil { return clock.steady() }
    var times = outcomes.values.map(\.time)
    for slot in slots {
      if let running = slot.running {
        times.append(
          running.stopping?.killAt
            ?? min(running.deadline, running.lastProgress + Int(settings.stall * 1000)))
      } else if slot.descriptor >= 0 {
        times.append(slot.idleSince + Int(settings.idleUnload * 1000))
      }
    }
    if let obstacle { times.append(obstacle.until) }
    if !isDraining, !isPaused, obstacle == nil, hasFreeSlot, let next = try store.nextTime() {
      times.append(clock.steady() + max(0, next - clock.wall()))
    }
    return times.min() ?? .max
  }

  private var hasFreeSlot: Bool {
    slots.count < settings.workers || slots.contains { $0.running == nil }
  }

  /// Takes in what workers say, ends what takes too long, and begins what can begin.
  func step() throws {
    let now = clock.steady()
    for slot in slots { attend(to: slot, now: now) }
    for id in outcomes.keys.sorted() where outcomes[id]?.time ?? 0 <= now { settle(id) }
    if let until = obstacle?.until, until <= now { obstacle = nil }
    // Fewer workers than before: idle ones beyond the number go.
    while slots.count > settings.workers, let index = slots.lastIndex(where: { $0.running == nil })
    {
      slots.remove(at: index).release()
    }
    try beginJobs(now: now)
  }

  // MARK: - Beginning

  private func beginJobs(now: Int) throws {
    while !isDraining, !isPaused, obstacle == nil, hasFreeSlot,
      let job = try store.next(now: clock.wall()), outcomes[job.id] == nil
    {
      if let refusal = job.claim.refusal {
        conclude(job, .giveUp(.failed, refusal, nil))
        continue
      }
      guard try hasSpace() else { return }
      if settings.duplicates != .run {
        guard let content = try content(of: job) else { return }
        if let old = try store.answered(content: content), old.id != job.id {
          try repeatAnswer(of: old, for: job)
          continue
        }
      }
      do {
        try begin(job, now: now)
      } catch {
        let failure = Failure.describing(error)
        hinder(by: ErrorReport(failure), seconds: 5)
        report(.error, job.id, "cannot be begun now: \(failure.message)")
      }
    }
  }

  private func begin(_ job: Job, now: Int) throws {
    let output = try disposal.makeOutput(job.id)
    guard try store.begin(job.id, now: clock.wall()), let charged = try store.job(job.id) else {
      return
    }
    let input = layout.work.path + "/\(job.id)/" + JobClaim.inputFolder.escaped + "/"
    let command = WorkerJob(
      id: job.id,
      media: job.claim.media.map {
        WorkerJob.Medium(
          path: input + String(decoding: $0.file.bytes, as: UTF8.self), name: $0.name)
      },
      prompts: job.claim.prompts, options: job.claim.options,
      model: WorkerJob.Model(
        path: settings.model, weights: settings.weights.isEmpty ? nil : settings.weights,
        threads: settings.threads == 0 ? nil : settings.threads),
      memory: try memory(for: job), visualize: settings.visualize, output: output.path)
    let slot: WorkerSlot
    if let free = slots.first(where: { $0.running == nil && $0.descriptor >= 0 })
      ?? slots.first(where: { $0.running == nil })
    {
      slot = free
    } else {
      slot = WorkerSlot()
      slots.append(slot)
    }
    let mebibytes = Double(job.claim.mediaBytes) / 0x1p20
    let time =
      (settings.deadline + mebibytes * settings.deadlinePerMiB) * Double(job.claim.prompts.count)
    do {
      try slot.begin(
        charged, command, deadline: now + Int(time * 1000), now: now, launcher: launcher)
    } catch {
      // It was charged, but nobody has tried: as if it had not begun.
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
    report(.info, job.id, "begun: \(job.name), attempt \(charged.attempts)")
  }

  /// Whether there is space enough to begin; otherwise the queue waits and says so.
  func hasSpace() throws -> Bool {
    let free = try layout.work.freeBytes()
    guard free < settings.diskFloor else { return true }
    let failure = Failure(
      .fault, code: "spool.disk-floor",
      "\(Quantity.text(bytes: free)) are free on the disk of the spool, less than the "
        + "\(Quantity.text(bytes: settings.diskFloor)) that are kept free",
      remedy: "Free some space, or lower limits.disk_floor; work goes on by itself then.")
    hinder(by: ErrorReport(failure), seconds: 5)
    return false
  }

  /// Nothing is begun for a while.
  func hinder(by error: ErrorReport, seconds: Double) {
    if obstacle?.error.code != error.code { report(.warning, nil, "paused: \(error.message)") }
    obstacle = (error, clock.steady() + Int(seconds * 1000))
  }

  // MARK: - Duplicates

  /// The digest of what a job asks, or `nil` while its files are being read.
  private func content(of job: Job) throws -> String? {
    let current: ContentDigest
    if let digest, digest.job.id == job.id {
      current = digest
    } else {
      current = try ContentDigest(job, work: layout.work)
    }
    digest = current
    guard let content = try current.step(bytes: 4 << 20) else { return nil }
    digest = nil
    try store.setContent(job.id, content)
    return content
  }

  /// Answers a job with what was answered before.
  private func repeatAnswer(of old: Job, for job: Job) throws {
    if settings.duplicates == .link {
      let output = try disposal.makeOutput(job.id)
      try disposal.linkTree(try layout.outbox.folder(BytePath(old.id)), output)
      conclude(
        job,
        .deliver(
          old.summary, JobStore.AttemptEnd(ending: .done), duplicateOf: old.id))
    } else {
      try store.finish(
        job.id, summary: old.summary, duplicateOf: old.id, end: nil,
        text: "not asked again: \(old.id) was the same", now: clock.wall())
      try disposal.tidy(job.claim)
    }
  }
}
