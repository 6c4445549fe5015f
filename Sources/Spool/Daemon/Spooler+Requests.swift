import Diagnostics
import WorkerProtocol

@preconcurrency import Glibc

extension Spooler {
  /// Carries out a request of the command line completely.
  func handle(_ request: ControlRequest) -> ControlReply {
    let run = RequestRun(request)
    while !run.step(self) {}
    return run.reply
  }

  /// Carries out the requests that were stored while there was no daemon.
  ///
  /// The store marks each request before it is tried. If it crashes the daemon or the power fails, it is
  /// tried once more and then dropped, so that it cannot make every start fail.
  func carryOutKept() throws {
    let kept = try store.keptRequests()
    guard !kept.isEmpty else { return }
    for (sequence, text) in kept {
      let (once, twice) = ("\(sequence)", "\(sequence) again")
      let known = try store.mark("request")
      if known == twice {
        log(.error, nil, "given up, because the daemon ended over it twice: the request \(text)")
      } else {
        try store.setMark("request", known == once ? twice : once)
        carryOut(text)
      }
      try store.forgetRequest(sequence)
    }
    try store.setMark("request", nil)
  }

  private func carryOut(_ text: String) {
    do {
      let reply = handle(try ControlRequest(line: Array(text.utf8)))
      for result in reply.results { log(.notice, result.id, result.message) }
      if let error = reply.error { throw error.failure }
    } catch {
      log(.error, nil, "a request that was kept failed: \(Failure.describing(error).message)")
    }
  }

  /// The metrics for Prometheus, updated at most once per second.
  func metricsText() throws -> String {
    let now = clock.steady()
    if let (text, time) = lastMetrics, now - time < 1000 { return text }
    let text = try Metrics(spooler: self).text
    lastMetrics = (text, now)
    return text
  }

  /// Pauses or resumes the queue.
  func pause(_ isPaused: Bool) throws -> ControlReply.Result {
    let changed = dispatcher.isPaused != isPaused
    try store.setMark("paused", isPaused ? "by a person" : nil)
    dispatcher.isPaused = isPaused
    let text = isPaused ? "paused: running jobs go on, no other is begun" : "goes on"
    if changed { log(.notice, nil, text) }
    return ControlReply.Result(
      id: nil, changed: changed, message: changed ? text : "already " + text)
  }

  /// Changes a job.
  func change(
    _ id: String, _ command: ControlRequest.Command
  ) throws -> ControlReply.Result {
    func result(_ changed: Bool, _ message: String) -> ControlReply.Result {
      ControlReply.Result(id: id, changed: changed, message: message)
    }
    guard let job = try store.job(id) else { return result(false, "there is no such job") }
    let now = clock.wall()
    switch command {
    case .cancel:
      let changed = dispatcher.cancel(job, now: clock.steady())
      return result(changed, changed ? "cancelled" : "it is \(job.state.rawValue) already")
    case .hold:
      let changed = try store.hold(id, true, now: now)
      return result(changed, changed ? "held" : "it is \(job.state.rawValue), not waiting")
    case .release:
      let changed = try store.hold(id, false, now: now)
      return result(changed, changed ? "released" : "it is \(job.state.rawValue), not held")
    case .retry:
      guard job.state == .failed || job.state == .cancelled else {
        return result(false, "it is \(job.state.rawValue), not failed or cancelled")
      }
      guard !job.isCleaned else { return result(false, "its files were cleaned away") }
      do {
        try disposal.bringBack(job)
        return result(true, "back in the queue")
      } catch {
        return result(false, Failure.describing(error).message)
      }
    case .status, .metrics, .retryFailed, .pause, .resume, .clean, .reload, .query:
      return result(false, "not about a job")
    }
  }

  /// The complete status.
  func live() throws -> LiveStatus {
    let now = clock.steady()
    let running = dispatcher.slots.compactMap { slot -> LiveStatus.Running? in
      guard let running = slot.running else { return nil }
      return LiveStatus.Running(
        id: running.job.id, name: running.job.name, seconds: Double(now - running.started) / 1000,
        attempt: running.job.attempts, progress: running.progress,
        written: running.written.text.isEmpty ? nil : running.written.text,
        remaining: running.progress.flatMap { dispatcher.durations.remaining($0) },
        deadline: Double(running.deadline - now) / 1000, memory: slot.handle?.memory)
    }
    func waiting(_ list: [BytePath: String]) -> [LiveStatus.Waiting] {
      list.sorted { $0.key.escaped < $1.key.escaped }.prefix(100).map {
        LiveStatus.Waiting(path: $0.key.escaped, reason: $0.value)
      }
    }
    return LiveStatus(
      process: Int(getpid()), started: clock.wall() - (now - started), model: settings.model,
      isPaused: dispatcher.isPaused, isDraining: dispatcher.isDraining,
      obstacle: dispatcher.obstacle?.error, running: running,
      workers: dispatcher.slots.count { $0.descriptor >= 0 },
      watched: watcher.watched.sorted { $0.key.escaped < $1.key.escaped }.prefix(100).map {
        LiveStatus.Watched(
          path: $0.key.escaped, fileSystem: $0.value.fileSystem.name,
          mode: $0.value.hasEvents ? "inotify" : "polling")
      },
      incomplete: waiting(watcher.incomplete), refused: waiting(watcher.refused),
      leftAlone: LiveStatus.LeftAlone(watcher.left.values), notices: notices,
      memory: ResidentMemory.bytes(process: Int(getpid())) ?? 0,
      cage: dispatcher.cage,
      freeBytes: try layout.work.freeBytes())
  }

  /// The status in one line.
  var summaryLine: String {
    let counts = (try? store.counts()) ?? [:]
    let waiting = JobState.allCases.filter(\.isWaiting).reduce(0) { $0 + (counts[$1] ?? 0) }
    let running = dispatcher.slots.compactMap { $0.running?.job.name }
    var text = "\(waiting) waiting, \(counts[.done] ?? 0) done, \(counts[.failed] ?? 0) failed"
    if !running.isEmpty { text += "; working on \(running.joined(separator: ", "))" }
    if dispatcher.isDraining { text += "; stopping" }
    if dispatcher.isPaused { text += "; paused" }
    if let obstacle = dispatcher.obstacle { text += "; \(obstacle.error.message)" }
    return text
  }
}
