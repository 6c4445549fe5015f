import CLinux
import Diagnostics
import WorkerProtocol

@preconcurrency import Glibc

/// `illavad` in the foreground: waits for files, workers, requests and signals, and lets the spool
/// do what follows from them.
public final class Daemon {
  /// What a daemon is started with.
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
  private let lock: SpoolLock
  private let spooler: Spooler
  private let desk: ControlDesk
  private let control: ControlServer
  private let requests: OpenRequests
  private let signals: Int32
  private var drainEnd: Int?
  private var lastStatus = ""
  private var statusTime = 0
  /// Whether a round went by without its status being told.
  private var isStatusStale = false
  private var metricsTime = 0
  private var publishTime = 0

  private static let caught = [SIGTERM, SIGINT, SIGHUP, SIGCHLD]

  /// Opens the spool and listens; jobs are not touched yet.
  ///
  /// - Throws: `spool.busy` when another daemon has it, and whatever keeps it from being used.
  public init(_ setup: Setup) throws(Failure) {
    self.setup = setup
    log = DaemonLog(environment: setup.environment)
    notifier = SystemdNotifier(environment: setup.environment)
    let settings = try setup.readSettings()
    umask(SpoolRights.umask)
    do {
      let calls = SystemCalls(crash: CrashSteps(environment: setup.environment))
      let layout = try SpoolLayout(path: setup.root, calls: calls)
      guard let lock = try SpoolLock(path: SpoolLayout.lock(in: setup.root)) else {
        throw Failure(
          .fault, code: "spool.busy", "another daemon works on \(setup.root)",
          remedy: "Stop it first, or use another spool.")
      }
      self.lock = lock
      for words in try layout.closeToOthers() { log.write(.notice, words) }
      try layout.probeRights()
      let store = try JobStore(path: SpoolLayout.store(in: setup.root), calls: calls)
      let log = log
      spooler = try Spooler(
        layout: layout, store: store, settings: settings, launcher: setup.launcher, clock: clock
      ) { log.write($0, job: $1, $2) }
      spooler.disposal.failurePage = setup.failurePage
      desk = try ControlDesk()
      requests = OpenRequests(clock: clock)
      control = try ControlServer(
        path: SpoolLayout.socket(in: setup.root), desk: desk, clock: clock,
        store: SpoolLayout.store(in: setup.root), readers: layout.answerReaders())
    } catch {
      throw Failure.describing(error)
    }
    // A worker is handed all media of its job open. A broken pipe is an answer of a call and no reason to end.
    _ = linux_raise_file_limit(4096)
    signal(SIGPIPE, SIG_IGN)
    signals = linux_signal_pipe(Self.caught, Int32(Self.caught.count))
    guard signals >= 0 else {
      throw Failure(
        .fault, code: "spool.system",
        "signals cannot be caught: \(String(cString: strerror(errno)))")
    }
  }

  /// Works until it is told to stop.
  ///
  /// - Throws: when the spool cannot be put in order at the start.
  public func run() throws(Failure) {
    let spooler = spooler
    defer {
      desk.close()
      unlink(SpoolLayout.socket(in: setup.root))
    }
    publish()
    try control.start()
    do {
      try spooler.start()
    } catch {
      throw Failure.describing(error)
    }
    spooler.step()
    notifier.ready()
    log.write(.notice, "ready: \(setup.root), model \(spooler.settings.model)")
    for folder in spooler.watcher.watched.values where !folder.hasEvents {
      log.write(
        .notice, "the inbox is on \(folder.fileSystem.name): it is looked through regularly")
    }
    while !isDrained() {
      wait()
      readSignals()
      requests.work(desk, spooler) { reload() }
      spooler.step()
      tell()
    }
    notifier.stopping()
    spooler.dispatcher.releaseAll()
    log.write(.notice, "stopped")
  }

  /// Waits until something happens or something is due.
  private func wait() {
    var polls = [signals, desk.requests.descriptor].map {
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
    // The watchdog hears of every round; the loop comes round often enough for it.
    let most = min(60_000, (notifier.watchdogMilliseconds ?? 120_000) / 3)
    var time = min(spooler.nextTime, drainEnd ?? .max)
    if spooler.dispatcher.isBusy { time = min(time, now + 1000) }
    if isStatusStale { time = min(time, statusTime) }
    if !requests.isEmpty { time = now }
    let milliseconds = max(0, min(most, time > now ? time - now : 0))
    _ = poll(&polls, nfds_t(polls.count), Int32(milliseconds))
  }

  private func readSignals() {
    var bytes = [UInt8](repeating: 0, count: 64)
    while true {
      let count = read(signals, &bytes, bytes.count)
      guard count > 0 else { return }
      for byte in bytes.prefix(count) {
        switch Int32(byte) {
        case SIGTERM, SIGINT: drain()
        case SIGHUP: reload()
        default: break
        }
      }
    }
  }

  /// Begins nothing more; what runs gets some time to end. Asked twice, it gets none.
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

  /// Whether everything is as it has to be for the end.
  private func isDrained() -> Bool {
    guard let end = drainEnd else { return false }
    if !spooler.dispatcher.isBusy { return true }
    let now = clock.steady()
    if now >= end { spooler.dispatcher.stopAll(now: now, patience: 2000) }
    // Ends that cannot be written down now are found by the next start.
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

  /// Lets those who ask while the loop is busy know how things are.
  private func publish() {
    publishTime = clock.steady() + 100
    if let live = try? spooler.live() { desk.publish(live, now: clock.steady()) }
  }

  /// Tells systemd and Prometheus how things are.
  private func tell() {
    // Said at the end of a round in which inbox, store and workers were attended to: a daemon that
    // hangs in one of them says nothing, however many timers it has.
    notifier.alive()
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
