import CLinux
import Diagnostics
import WorkerProtocol

@preconcurrency import Glibc

/// `illavad` in the foreground: waits for files, workers, requests and signals, and lets the spooler
/// handle them.
public final class Daemon {
  /// The configuration of a daemon's start.
  public struct Setup {
    /// The folder of the spool.
    public var root: String
    /// Reads the settings, at the start and again on SIGHUP.
    public var readSettings: () throws(Failure) -> Settings
    /// The environment.
    public var environment: [String: String]
    /// Starts workers.
    public var launcher: ProcessLauncher
    /// Writes the page of a job that failed, as HTML.
    public var failurePage: ((Job, ErrorReport) -> String)?

    /// A setup.
    public init(
      root: String, environment: [String: String], launcher: ProcessLauncher? = nil,
      readSettings: @escaping () throws(Failure) -> Settings
    ) {
      self.root = root
      self.environment = environment
      self.launcher =
        launcher
        ?? ProcessLauncher(environment: WorkerEnvironment.settings(environment, spool: root))
      self.readSettings = readSettings
    }
  }

  private let setup: Setup
  private let log: DaemonLog
  private let notifier: SystemdNotifier
  private let clock = SpoolClock.system
  private let signals: DaemonSignals
  private let requests: OpenRequests
  private var parts: DaemonParts
  private var drainEnd: Int?
  private var lastStatus = ""
  private var statusTime = 0
  /// Whether the last round ended without publishing the status.
  private var isStatusStale = false
  private var metricsTime = 0
  private var publishTime = 0
  private var lockTime = 0

  private var spooler: Spooler { parts.spooler }
  private var desk: ControlDesk { parts.desk }

  /// Opens the spool and listens; jobs are not touched yet.
  ///
  /// - Throws: `spool.busy` when another daemon has it, or the reason why it cannot be used.
  public init(_ setup: Setup) throws(Failure) {
    self.setup = setup
    // First, so that signals that arrive while the spool is being opened are handled afterwards.
    let signals = try DaemonSignals()
    self.signals = signals
    log = DaemonLog(environment: setup.environment)
    notifier = SystemdNotifier(environment: setup.environment)
    requests = OpenRequests(clock: clock)
    umask(SpoolRights.umask)
    // A worker is passed all media of its job open.
    _ = linux_raise_file_limit(4096)
    parts = try DaemonParts(
      setup, settings: try setup.readSettings(), log: log, notifier: notifier, clock: clock,
      lock: nil, isStopped: { signals.isStopAsked })
  }

  /// Runs until it is told to stop.
  ///
  /// - Throws: when the spool cannot be repaired at the start.
  public func run() throws(Failure) {
    defer { parts.close() }
    try begin(parts)
    notifier.ready()
    log.write(.notice, "ready: \(setup.root), model \(spooler.settings.model)")
    while !isDrained() {
      wait()
      readSignals()
      requests.work(desk, spooler) { reload() }
      spooler.step()
      if spooler.isLost != nil { openAnew() }
      tell()
    }
    notifier.stopping()
    try? spooler.noteTime()
    log.write(.notice, "stopped")
  }

  /// Starts working with the opened spool.
  private func begin(_ parts: DaemonParts) throws(Failure) {
    if let live = try? parts.spooler.live() { parts.desk.publish(live, now: clock.steady()) }
    try parts.control.start()
    do {
      try parts.spooler.start()
    } catch {
      throw Failure.describing(error)
    }
    parts.spooler.step()
    for folder in parts.spooler.watcher.watched.values where !folder.hasEvents {
      log.write(
        .notice, "the inbox is on \(folder.fileSystem.name): it is looked through regularly")
    }
  }

  /// Starts again as if just launched, because the open folders are no longer those of the spool.
  /// Workers are released, and the restart finds their jobs. If it fails, it is repeated until it
  /// succeeds.
  private func openAnew() {
    let old = parts
    old.spooler.dispatcher.releaseAll()
    var last = ""
    while !signals.isStopAsked {
      do {
        parts = try opened(insteadOf: old)
        old.close()
        log.write(.notice, "goes on in \(setup.root)")
        return
      } catch {
        if error.message != last { log.write(.error, "\(setup.root) cannot be opened: \(error)") }
        last = error.message
      }
      notifier.alive()
      var polls = [pollfd(fd: signals.descriptor, events: Int16(POLLIN), revents: 0)]
      _ = poll(&polls, 1, 1000)
      signals.clear()
    }
  }

  /// Opens everything again and starts working with it.
  private func opened(insteadOf old: DaemonParts) throws(Failure) -> DaemonParts {
    let isSame = (try? old.spooler.isRootInPlace()) ?? false
    if !isSame {
      // The old spool is no longer ours, and nothing of it may block the new one.
      old.close()
      old.lock.release()
    }
    let new = try DaemonParts(
      setup, settings: old.spooler.settings, log: log, notifier: notifier, clock: clock,
      lock: isSame ? old.lock : nil, isStopped: { signals.isStopAsked })
    new.spooler.notices = old.spooler.notices
    new.spooler.dispatcher.isDraining = drainEnd != nil
    do {
      try begin(new)
      return new
    } catch {
      // It may hold the lock, which the next attempt needs.
      new.close()
      throw error
    }
  }

  /// Waits for an event or the next due time.
  private func wait() {
    var polls = [signals.descriptor, desk.requests.descriptor].map {
      pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
    }
    if spooler.watcher.descriptor >= 0, drainEnd == nil {
      polls.append(pollfd(fd: spooler.watcher.descriptor, events: Int16(POLLIN), revents: 0))
    }
    for slot in spooler.dispatcher.slots where slot.descriptor >= 0 {
      let events = slot.wantsToWrite ? POLLIN | POLLOUT : POLLIN
      polls.append(pollfd(fd: slot.descriptor, events: Int16(events), revents: 0))
    }
    let now = clock.steady()
    // The watchdog is notified in every round, so rounds must be frequent enough for it.
    let most = min(60_000, (notifier.watchdogMilliseconds ?? 120_000) / 3)
    var time = min(spooler.dueTime, drainEnd ?? .max)
    if spooler.dispatcher.isBusy { time = min(time, now + 1000) }
    if isStatusStale { time = min(time, statusTime) }
    if !requests.isEmpty { time = now }
    let milliseconds = max(0, min(most, time > now ? time - now : 0))
    _ = poll(&polls, nfds_t(polls.count), Int32(milliseconds))
  }

  private func readSignals() {
    signals.clear()
    if signals.takeStop() { drain() }
    if signals.takeReload() { reload() }
  }

  /// Starts no more jobs; running ones get some time to end, and none at a second request.
  private func drain() {
    let now = clock.steady()
    if drainEnd != nil {
      drainEnd = now
      return
    }
    spooler.dispatcher.isDraining = true
    drainEnd = now + SpoolClock.milliseconds(spooler.settings.stopGrace)
    log.write(.notice, "stopping: \(spooler.summaryLine)")
    notifier.stopping()
  }

  /// Whether the daemon can end.
  private func isDrained() -> Bool {
    guard let end = drainEnd else { return false }
    if !spooler.dispatcher.isBusy { return true }
    let now = clock.steady()
    if now >= end { spooler.dispatcher.stopAll(now: now, patience: 2000) }
    // Ends that cannot be recorded now are found at the next start.
    return now >= end + 10_000
  }

  private func reload() {
    notifier.reloading()
    do {
      spooler.apply(try setup.readSettings())
      log.write(.notice, "configuration read")
    } catch {
      log.write(.error, "the old configuration stays: \(error)")
    }
    notifier.ready()
  }

  /// Publishes the status for clients that ask while the loop is busy.
  private func publish() {
    publishTime = clock.steady() + 100
    guard var live = try? spooler.live() else { return }
    live.lostLines = log.lost
    desk.publish(live, now: clock.steady())
  }

  /// Restores the lock file and the socket if other programs removed them.
  private func lookAtFiles() {
    guard clock.steady() >= lockTime, spooler.isLost == nil else { return }
    lockTime = clock.steady() + PlaceWatch.interval
    // Otherwise they belong to another spool, which is noticed shortly.
    guard (try? spooler.isRootInPlace()) == true else { return }
    if let text = parts.lock.renew() { spooler.tell(.warning, text) }
    guard !parts.isFound, drainEnd == nil else { return }
    do {
      try parts.listenAgain(clock: clock)
      spooler.tell(.warning, "control.sock was removed or replaced: it is made again")
    } catch {
      log.write(.error, "\(error)")
    }
  }

  /// Reports the status to systemd and Prometheus.
  private func tell() {
    // Sent at the end of a round in which inbox, store and workers were handled: a daemon that hangs in
    // one of them sends nothing, however many timers it has.
    notifier.alive()
    lookAtFiles()
    let now = clock.steady()
    if now >= publishTime { publish() }
    isStatusStale = now < statusTime
    if !isStatusStale {
      statusTime = now + 1000
      let status = spooler.summaryLine
      if status != lastStatus { notifier.status(status) }
      lastStatus = status
    }
    guard !spooler.settings.metricsFile.isEmpty, now >= metricsTime else { return }
    metricsTime = now + 15_000
    do {
      try MetricsFile.write(try Metrics(spooler: spooler).text, to: spooler.settings.metricsFile)
    } catch {
      log.write(.warning, "metrics.file: \(Failure.describing(error).message)")
    }
  }
}
