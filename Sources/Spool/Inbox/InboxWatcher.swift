import Diagnostics

@preconcurrency import Glibc

/// Watches the inbox and finds files that are ready to be claimed.
///
/// Events only say where to scan; every decision is based on a scan, so a lost event costs time and
/// never a file. Not for use from several threads at a time.
final class InboxWatcher {
  /// A folder of the inbox.
  struct Watched {
    var fileSystem: FileSystemKind
    /// Whether the kernel reports changes; otherwise the folder is scanned every `poll` seconds.
    var hasEvents: Bool
    var lastScan: Int
    /// Whether something happened since the last scan.
    var isDirty: Bool
    /// When a file in it may become ready.
    var due: Int?
  }

  /// Folders below this depth are not scanned.
  static let maxDepth = 16

  private(set) var inbox: Folder
  let clock: SpoolClock
  var settings: Settings {
    didSet {
      guard settings.ignore != oldValue.ignore else { return }
      ignore = IgnoreList(settings.ignore)
      for path in watched.keys { watched[path]?.isDirty = true }
    }
  }
  /// The names that are left alone.
  private(set) var ignore: IgnoreList
  let folderSettings = FolderSettings()
  /// Called with messages for the user, once per file.
  var report: (LogLevel, String) -> Void = { _, _ in }

  var watched: [BytePath: Watched] = [:]
  var sightings: [BytePath: Sighting] = [:]
  /// Signals since the last scan of their folder.
  var signals: [BytePath: Sighting.Signal] = [:]
  /// The reasons why files cannot be claimed, by path.
  var refused: [BytePath: String] = [:]
  /// The reasons why files wait, by path.
  var incomplete: [BytePath: String] = [:]
  var documents: [BytePath: (status: FileStatus, result: Result<JobDocument, Failure>)] = [:]
  /// Whether JSON beside media asks nothing, by path.
  var foreign: [BytePath: (status: FileStatus, isForeign: Bool)] = [:]
  /// The files of each folder that are left alone.
  var left: [BytePath: LeftAlone] = [:]
  /// What is to be said about them.
  var news = LeftAloneNews()
  /// The jobs that are ready, in the order they were found.
  var ready: [ClaimPlan] = []
  private let inotify = Inotify()

  init(inbox: Folder, settings: Settings, clock: SpoolClock) {
    self.inbox = inbox
    self.settings = settings
    ignore = IgnoreList(settings.ignore)
    self.clock = clock
    begin()
  }

  private func begin() {
    watched[""] = Watched(
      fileSystem: inbox.fileSystem, hasEvents: false, lastScan: .min, isDirty: true, due: nil)
  }

  /// Watches another folder instead, without any knowledge of the old one.
  func restart(_ inbox: Folder) {
    for path in watched.keys { inotify?.forget(path) }
    self.inbox = inbox
    watched = [:]
    sightings = [:]
    signals = [:]
    refused = [:]
    incomplete = [:]
    documents = [:]
    foreign = [:]
    left = [:]
    news = LeftAloneNews()
    ready = []
    begin()
  }

  /// Extends all waits by the milliseconds in which nothing could be checked.
  func wasAsleep(for milliseconds: Int) {
    for path in sightings.keys { sightings[path]?.wasAsleep(for: milliseconds) }
  }

  /// Becomes readable when something happened; -1 without inotify.
  var descriptor: Int32 { inotify?.descriptor ?? -1 }

  /// Reads the kernel's events.
  func readEvents() {
    guard let report = inotify?.read() else { return }
    for event in report.events {
      watched[event.folder]?.isDirty = true
      guard !event.name.isEmpty else { continue }
      let path = event.folder.appending(event.name)
      if event.isMovedIn { signals[path] = .movedIn }
      // A file that was moved in and then closed still counts as moved in: it was complete all the time.
      if event.isClosed, signals[path] == nil { signals[path] = .closed }
      // The folder came back under its old name.
      if event.isMovedIn { watched[path]?.isDirty = true }
    }
    if report.hasOverflowed {
      self.report(.notice, "too many changes in the inbox at once: looking through all of it")
      for path in watched.keys { watched[path]?.isDirty = true }
    }
  }

  /// The jobs that are ready now.
  ///
  /// - Parameter limit: the most jobs; the rest is returned by the next call.
  func next(limit: Int) throws -> [ClaimPlan] {
    if ready.isEmpty {
      let now = clock.steady()
      for path in watched.keys.sorted(by: { $0.bytes.count < $1.bytes.count }) {
        guard let folder = watched[path], isDue(folder, now: now) else { continue }
        try scan(path, now: now)
      }
    }
    let result = Array(ready.prefix(limit))
    ready.removeFirst(result.count)
    return result
  }

  /// Schedules another scan of a folder after a claim in it failed.
  func lookAgain(at folder: BytePath, after milliseconds: Int) {
    let time = clock.steady() + milliseconds
    let due = watched[folder]?.due ?? .max
    watched[folder]?.due = min(due, time)
  }

  /// When to call `next` again, by the steady clock.
  var nextTime: Int {
    if !ready.isEmpty { return clock.steady() }
    return watched.values.map { folder in
      folder.isDirty
        ? folder.lastScan &+ Self.coalescing : min(folder.due ?? .max, regular(folder))
    }.min() ?? .max
  }

  /// Milliseconds between two scans of a busy folder.
  private static let coalescing = 100

  private func regular(_ folder: Watched) -> Int {
    guard folder.lastScan != .min else { return .min }
    let seconds = folder.hasEvents ? settings.rescan : settings.poll
    return folder.lastScan + SpoolClock.milliseconds(seconds)
  }

  private func isDue(_ folder: Watched, now: Int) -> Bool {
    if folder.lastScan == .min { return true }
    if folder.isDirty, now - folder.lastScan >= Self.coalescing { return true }
    return now >= min(folder.due ?? .max, regular(folder))
  }

  /// Starts watching a folder that was found, and scans it.
  func found(_ path: BytePath, now: Int) throws {
    guard watched[path] == nil else { return }
    let folder = try inbox.folder(path)
    watched[path] = Watched(
      fileSystem: folder.fileSystem, hasEvents: false, lastScan: .min, isDirty: true, due: nil)
    try scan(path, now: now)
  }

  private func scan(_ path: BytePath, now: Int) throws {
    let folder: Folder
    do {
      folder = path.isEmpty ? inbox : try inbox.folder(path)
    } catch let failure as CallFailure where !path.isEmpty && !failure.isTransient {
      forget(path)
      return
    }
    // Watching starts before scanning, so that changes in between are reported.
    let kind = folder.fileSystem
    let hasEvents = kind.reportsChanges && (inotify?.watch(folder, as: path) ?? false)
    watched[path] = Watched(
      fileSystem: kind, hasEvents: hasEvents, lastScan: now, isDirty: false, due: nil)
    var scan = FolderScan(watcher: self, path: path, folder: folder, now: now)
    do {
      try scan.run()
      left[path] = scan.left.counts.isEmpty ? nil : scan.left
      let (lines, again) = news.lines(now: now)
      for (level, line) in lines { report(level, line) }
      if let again { scan.again(in: again) }
      watched[path]?.due = scan.due
    } catch {
      watched[path]?.due = now + 1000
      throw error
    }
  }

  /// Stops watching a folder that is gone, and all folders below it.
  func forget(_ path: BytePath) {
    let inside = Array(path.bytes) + [UInt8(ascii: "/")]
    func isGone(_ other: BytePath) -> Bool { other == path || other.bytes.starts(with: inside) }
    for folder in watched.keys where isGone(folder) {
      inotify?.forget(folder)
      watched[folder] = nil
    }
    for key in sightings.keys where isGone(key) { sightings[key] = nil }
    for key in refused.keys where isGone(key) { refused[key] = nil }
    for key in incomplete.keys where isGone(key) { incomplete[key] = nil }
    for key in documents.keys where isGone(key) { documents[key] = nil }
    for key in foreign.keys where isGone(key) { foreign[key] = nil }
    for key in left.keys where isGone(key) { left[key] = nil }
    news.forget(where: isGone)
  }
}
