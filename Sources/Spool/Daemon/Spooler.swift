import Diagnostics
import WorkerProtocol

@preconcurrency import Glibc

/// Connects all parts of a spool: inbox, store, workers, outbox.
///
/// Nothing here waits: `step` does what can be done now, and `nextTime` says when to call it again. A
/// step that fails is reported, leaves the disk as it was, and is tried again.
final class Spooler {
  let layout: SpoolLayout
  let store: JobStore
  let watcher: InboxWatcher
  let claimer: Claimer
  let disposal: Disposal
  let reconciler: Reconciler
  let dispatcher: Dispatcher
  let cleaner: Cleaner
  let announcer: Announcer
  let places: PlaceWatch
  let clock: SpoolClock
  /// When the spooler was started, by the steady clock.
  let started: Int
  private(set) var settings: Settings
  /// Called with every message: level, job, text.
  var log: (LogLevel, String?, String) -> Void
  /// Recent events about folders and the clock, the latest last.
  var notices: [LiveStatus.Notice] = []
  /// Why all folders and the store have to be opened again; `nil` if they need not.
  var isLost: String?
  /// When to check the folders again, by the steady clock.
  var placesTime = Int.min
  /// When to call `step` again even without an event, by the steady clock.
  private(set) var dueTime = Int.min
  let clockWatch: ClockWatch
  /// The time last stored, in milliseconds since 1970.
  var notedTime = 0
  /// When the next step should begin at the latest, by the steady clock.
  var expectedTime = Int.max

  /// Jobs whose folders and store rows have to be made consistent again.
  private var unsettled: Set<String> = []
  private var retryTime = Int.max
  /// The latest metrics and their time.
  var lastMetrics: (text: String, time: Int)?
  private var cleanTime: Int
  private var troubles: [String] = []
  private static let maxTroubles = 32
  private static let maxUnsettled = 64
  /// When to check the store again, by the steady clock.
  var careTime = Int.min
  /// Whether a reader keeps the store's log from being emptied.
  var isLogHeld = false

  /// The most jobs claimed together: as many as take about `claimPatience` milliseconds.
  private var batch = 16
  private static let maxTogether = 64
  private static let claimPatience = 50
  private static let cleanInterval = 600_000
  /// Milliseconds between two rounds of cleaning when there is much to clean.
  private static let cleanPause = 200

  init(
    layout: SpoolLayout, store: JobStore, settings: Settings, launcher: any WorkerLauncher,
    clock: SpoolClock = .system, log: @escaping (LogLevel, String?, String) -> Void
  ) throws {
    self.layout = layout
    self.store = store
    self.settings = settings
    self.clock = clock
    self.log = log
    started = clock.steady()
    clockWatch = ClockWatch(clock: clock, seen: try store.lastTime())
    places = PlaceWatch(layout: layout, clock: clock)
    cleanTime = clock.steady()
    watcher = InboxWatcher(inbox: layout.inbox, settings: settings, clock: clock)
    let ids = JobIDs(latest: try store.latestID())
    claimer = Claimer(layout: layout, store: store, ids: ids, clock: clock, settings: settings)
    disposal = Disposal(layout: layout, store: store, clock: clock, settings: settings)
    reconciler = Reconciler(
      layout: layout, store: store, claimer: claimer, disposal: disposal, clock: clock)
    dispatcher = Dispatcher(
      layout: layout, store: store, disposal: disposal, clock: clock, launcher: launcher,
      settings: settings)
    cleaner = Cleaner(layout: layout, store: store, clock: clock, settings: settings)
    announcer = Announcer(root: layout.root.path, clock: clock, settings: settings)
    disposal.checkPlaces = { [weak self] in try self?.demandPlaces() }
    claimer.checkPlaces = { [weak self] in try self?.demandPlaces() }
    cleaner.removeFlat = { [disposal] in try disposal.removeFlat($0) }
    cleaner.doubt = { [weak self] in self?.clockWatch.reason }
    disposal.report = { [weak self] in self?.log($0, $1, $2) }
    dispatcher.report = { [weak self] in self?.log($0, $1, $2) }
    claimer.report = { [weak self] in self?.log($0, nil, $1) }
    watcher.report = { [weak self] in self?.log($0, nil, $1) }
    reconciler.report = { [weak self] in self?.log($0, nil, $1) }
    announcer.report = { [weak self] in self?.log($0, $1, $2) }
    cleaner.report = { [weak self] in self?.log($0, $1, $2) }
    store.report = { [weak self] in self?.log(.error, nil, $0) }
  }

  /// Repairs whatever the last run left, and carries out the requests stored meanwhile.
  func start() throws {
    try startClock()
    dispatcher.isPaused = try store.mark("paused") != nil
    unsettled = Set(try reconciler.settleAll())
    if !unsettled.isEmpty { retryTime = clock.steady() + 1000 }
    try carryOutKept()
  }

  /// Takes new settings.
  func apply(_ settings: Settings) {
    self.settings = settings
    watcher.settings = settings
    claimer.settings = settings
    disposal.settings = settings
    dispatcher.settings = settings
    cleaner.settings = settings
    announcer.settings = settings
  }

  /// Does everything that can be done now.
  func step() {
    let now = clock.steady()
    attempt { try takeTime(now: now) }
    if now >= placesTime {
      attempt { try lookAtPlaces() }
      if isLost == nil { attempt { try carryOutKept() } }
    }
    defer {
      dueTime = nextTime
      expectedTime = max(now, min(dueTime, now + (dispatcher.isBusy ? 1000 : 60_000)))
    }
    if isLost == nil { attempt { try careForStore(now: now) } }
    // The open folders do not belong together any more, so they are not used.
    guard isLost == nil else { return }
    attempt { try settleAgain(now: now) }
    watcher.readEvents()
    if !dispatcher.isDraining, !store.isClosed { attempt { try claim() } }
    attempt { try dispatcher.step() }
    attempt { try announcer.step(store) }
    if now >= cleanTime, !dispatcher.isDraining {
      cleanTime = now + Self.cleanInterval
      attempt {
        try noteTime()
        try reconciler.removeAbandoned()
        let (texts, isDone) = try cleaner.round()
        for text in texts { log(.info, nil, text) }
        if !isDone { cleanTime = now + Self.cleanPause }
      }
    }
  }

  /// When to call `step` again even without an event, by the steady clock.
  var nextTime: Int {
    var times = [retryTime, cleanTime, careTime, announcer.nextTime, placesTime]
    if !dispatcher.isDraining, !store.isClosed { times.append(max(watcher.nextTime, claimTime)) }
    times.append((try? dispatcher.nextTime()) ?? clock.steady() + 1000)
    return times.min() ?? .max
  }

  private var claimTime = Int.min

  private func claim() throws {
    guard clock.steady() >= claimTime else { return }
    // While claimed jobs cannot be completed, claiming more of them would not help.
    guard unsettled.count < Self.maxUnsettled else {
      claimTime = clock.steady() + 1000
      return
    }
    let plans = try watcher.next(limit: batch)
    guard !plans.isEmpty else { return }
    // On a nearly full disk no more jobs are claimed; a user who waits for a job in the inbox is told
    // why.
    guard try dispatcher.hasSpace() else {
      for plan in plans { lookAgain(plan) }
      claimTime = clock.steady() + 1000
      return
    }
    do {
      let begun = clock.steady()
      let (_, again) = try claimer.take(plans)
      // Claiming many together saves time, but workers and clients wait meanwhile, long on a slow disk.
      let each = max(1, (clock.steady() - begun) / plans.count)
      batch = min(Self.maxTogether, max(4, Self.claimPatience / each))
      for folder in again { watcher.lookAgain(at: folder, after: 1000) }
    } catch {
      for plan in plans { lookAgain(plan) }
      claimTime = clock.steady() + 1000
      takeUnfinished()
      throw error
    }
    takeUnfinished()
  }

  private func lookAgain(_ plan: ClaimPlan) {
    watcher.lookAgain(at: plan.inputs.first?.path.parent ?? "", after: 1000)
  }

  private func takeUnfinished() {
    guard !claimer.unfinished.isEmpty else { return }
    unsettled.formUnion(claimer.unfinished)
    claimer.unfinished = []
    retryTime = clock.steady() + 1000
  }

  private func settleAgain(now: Int) throws {
    guard now >= retryTime else { return }
    retryTime = .max
    for id in unsettled.sorted() {
      do {
        try reconciler.settle(id)
        unsettled.remove(id)
      } catch {
        retryTime = now + 1000
        trouble(error)
      }
    }
  }

  private func attempt(_ body: () throws -> Void) {
    do {
      try body()
    } catch {
      trouble(error)
      // Whatever failed is tried again soon.
      retryTime = min(retryTime, clock.steady() + 1000)
    }
  }

  /// Logs a problem, once as long as it stays the same.
  private func trouble(_ error: any Error) {
    let text = Failure.describing(error).description
    // Several problems alternate, and would be logged again at every change.
    guard !troubles.contains(text) else { return }
    if troubles.count >= Self.maxTroubles { troubles.removeFirst() }
    troubles.append(text)
    log(.error, nil, text)
  }
}
