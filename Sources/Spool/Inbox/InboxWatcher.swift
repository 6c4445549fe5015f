import Diagnostics

@preconcurrency import Glibc

/// Watches the inbox and says what in it is ready to be taken.
///
/// Events only tell where to look: what is decided is decided by looking, so a lost event costs
/// time and never a file. Not for use from several threads at a time.
final class InboxWatcher {
  /// A folder of the inbox.
  struct Watched {
    var fileSystem: FileSystemKind
    /// Whether the kernel reports changes; if not, it is looked through every `poll` seconds.
    var hasEvents: Bool
    var lastScan: Int
    /// Whether something happened since.
    var isDirty: Bool
    /// When something in it may have become ready.
    var due: Int?
  }

  /// Folders below this depth are not looked into.
  static let maxDepth = 16

  private(set) var inbox: Folder
  let clock: SpoolClock
  var settings: Settings
  let folderSettings = FolderSettings()
  /// Reports what a person should know, once for each file.
  var report: (LogLevel, String) -> Void = { _, _ in }

  var watched: [BytePath: Watched] = [:]
  var sightings: [BytePath: Sighting] = [:]
  /// Signals that came since their folder was looked through.
  var signals: [BytePath: Sighting.Signal] = [:]
  /// What cannot be taken and why, by path.
  var refused: [BytePath: String] = [:]
  /// What waits for something that is not there.
  var incomplete: [BytePath: String] = [:]
  var documents: [BytePath: (status: FileStatus, result: Result<JobDocument, Failure>)] = [:]
  /// What is ready, in the order it was found.
  var ready: [ClaimPlan] = []
  private let inotify = Inotify()

  init(inbox: Folder, settings: Settings, clock: SpoolClock) {
    self.inbox = inbox
    self.settings = settings
    self.clock = clock
    begin()
  }

  private func begin() {
    watched[""] = Watched(
      fileSystem: inbox.fileSystem, hasEvents: false, lastScan: .min, isDirty: true, due: nil)
  }

  /// Watches another folder instead, as if nothing were known yet.
  func restart(_ inbox: Folder) {
    for path in watched.keys { inotify?.forget(path) }
    self.inbox = inbox
    watched = [:]
    sightings = [:]
    signals = [:]
    refused = [:]
    incomplete = [:]
    documents = [:]
    ready = []
    begin()
  }

  /// Takes note that for so many milliseconds nobody could look.
  func wasAsleep(for milliseconds: Int) {
    for path in sightings.keys { sightings[path]?.wasAsleep(for: milliseconds) }
  }

  /// Becomes readable when something happened; -1 without inotify.
  var descriptor: Int32 { inotify?.descriptor ?? -1 }

  /// Takes in what the kernel reports.
  func readEvents() {
    guard let report = inotify?.read() else { return }
    for event in report.events {
      watched[event.folder]?.isDirty = true
      guard !event.name.isEmpty else { continue }
      let path = event.folder.appending(event.name)
      if event.isMovedIn { signals[path] = .movedIn }
      // Closed after it was moved in still means moved in: nothing was missing in between.
      if event.isClosed, signals[path] == nil { signals[path] = .closed }
      // A folder that came back under its old name.
      if event.isMovedIn { watched[path]?.isDirty = true }
    }
    if report.hasOverflowed {
      self.report(.notice, "too many changes in the inbox at once: looking through all of it")
      for path in watched.keys { watched[path]?.isDirty = true }
    }
  }

  /// What is ready now.
  ///
  /// - Parameter limit: the most jobs; what is left comes the next time.
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

  /// Has a folder looked through again, after a claim in it went wrong.
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

  /// Milliseconds between two looks at a folder in which much happens.
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

  /// Begins to watch a folder that was found, and looks through it.
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
    // Watching comes before looking: what happens in between is reported.
    let kind = folder.fileSystem
    let hasEvents = kind.reportsChanges && (inotify?.watch(folder, as: path) ?? false)
    watched[path] = Watched(
      fileSystem: kind, hasEvents: hasEvents, lastScan: now, isDirty: false, due: nil)
    var scan = FolderScan(watcher: self, path: path, folder: folder, now: now)
    do {
      try scan.run()
      watched[path]?.due = scan.due
    } catch {
      watched[path]?.due = now + 1000
      throw error
    }
  }

  /// Forgets a folder that is gone, with all that was below.
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
  }
}
