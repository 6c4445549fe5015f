import Diagnostics

@preconcurrency import Glibc

/// Removes files that are older, or larger in total, than the settings allow; never anything of a job
/// that has not ended.
final class Cleaner {
  /// A user's request to clean jobs.
  struct Wish {
    /// Only these jobs, whatever their age; empty for all that are old enough.
    var ids: [String] = []
    /// Seconds since their end, instead of the times in the settings.
    var olderThan: Double?
    /// Whether they are also removed from the store.
    var forgets = false
  }

  let layout: SpoolLayout
  let store: JobStore
  let clock: SpoolClock
  var settings: Settings
  /// Removes the flat answer of a job.
  var removeFlat: (Job) throws -> Void = { _ in }
  /// Why no job may be removed because of its age now; `nil` where it may.
  var doubt: () -> String? = { nil }
  /// How far the search for jobs to remove from the store has come; `nil` between two searches.
  private var forgotten: JobStore.Ended?

  /// Called with what could not be removed.
  var report: (LogLevel, String?, String) -> Void = { _, _, _ in }

  private static let states = JobState.allCases.filter(\.isFinal)
  /// The most jobs checked in one round, because the daemon has other work, too.
  private static let roundSize = 200

  init(layout: SpoolLayout, store: JobStore, clock: SpoolClock, settings: Settings) {
    self.layout = layout
    self.store = store
    self.clock = clock
    self.settings = settings
  }

  private var folders: [Folder] { [layout.outbox, layout.failed, layout.archive] }

  /// Removes some of what the settings do not keep.
  ///
  /// - Returns: the removals in words, and whether nothing more is to be done now.
  func round() throws -> (texts: [String], isDone: Bool) {
    try finish()
    var old: [JobStore.Ended] = []
    let isDoubtful = doubt() != nil
    for (states, seconds) in [
      ([JobState.done], settings.keepDone), ([.failed, .cancelled], settings.keepFailed),
    ] where seconds > 0 && !isDoubtful {
      old += try store.ended(
        in: states, before: cutoff(seconds), cleaned: false, limit: Self.roundSize)
    }
    if old.isEmpty, settings.keepBytes > 0 { old = try tooMuch() }
    old = Array(old.prefix(Self.roundSize))
    let removed = try remove(old)
    let (count, isForgotten) = isDoubtful ? (0, true) : try forgetOld()
    return (texts(removed: removed, forgotten: count), old.isEmpty && isForgotten)
  }

  /// The removals in words.
  func texts(removed: Int, forgotten: Int) -> [String] {
    var texts: [String] = []
    if removed > 0 { texts.append("cleaned away the files of \(Self.jobs(removed))") }
    if forgotten > 0 { texts.append("forgot \(Self.jobs(forgotten))") }
    return texts
  }

  private static func jobs(_ count: Int) -> String { count == 1 ? "1 job" : "\(count) jobs" }

  /// The time before which a job ended at least `seconds` ago, in milliseconds since 1970.
  func cutoff(_ seconds: Double) -> Int {
    clock.wall() - SpoolClock.milliseconds(seconds) + 1
  }

  /// The oldest jobs that have to be removed to get below the limit.
  private func tooMuch() throws -> [JobStore.Ended] {
    let jobs = try store.ended(in: Self.states, before: .max, cleaned: false)
    let sizes = jobs.map { size($0.id) }
    var total = sizes.clampedSum()
    var chosen: [JobStore.Ended] = []
    for (job, size) in zip(jobs, sizes) where total > settings.keepBytes {
      chosen.append(job)
      total -= size
    }
    return chosen
  }

  /// The disk space of a job's folders. A folder that cannot be read counts as nothing: it could not be
  /// removed either, and no other job should be removed in its place.
  private func size(_ id: String) -> Int {
    folders.map { (try? $0.diskUse(BytePath(id))) ?? 0 }.clampedSum()
  }

  /// Removes the files of ended jobs.
  ///
  /// - Returns: the number of jobs whose folders are gone.
  @discardableResult
  func remove(_ jobs: [JobStore.Ended]) throws -> Int {
    guard !jobs.isEmpty else { return 0 }
    // The store is updated before the first folder goes. After an interruption no job counts as answered
    // without having an answer, and the rest is removed the next time.
    try store.beginCleaning(jobs.map(\.id))
    let left = try finish()
    return jobs.count { !left.contains($0.id) }
  }

  /// Removes the folders of all jobs that the store marks as cleaned, even after an interruption.
  ///
  /// - Returns: jobs that still have folders.
  @discardableResult
  private func finish() throws -> Set<String> {
    let ids = try store.unfinishedCleaning()
    guard !ids.isEmpty else { return [] }
    var left: [String] = []
    for id in ids {
      do {
        try removeFolders(id)
      } catch {
        left.append(id)
        if unremovable.insert(id).inserted {
          report(.warning, id, "cannot be cleaned away: \(Failure.describing(error).message)")
        }
      }
    }
    // Synced to disk before the store says that nothing is left to do.
    for folder in folders { try folder.sync() }
    if left != ids { try store.endCleaning(except: left) }
    return Set(left)
  }

  /// Jobs that were reported because their folders cannot be removed.
  private var unremovable: Set<String> = []

  private func removeFolders(_ id: String) throws {
    let name = BytePath(id)
    if let job = try store.job(id), job.state == .done { try removeFlat(job) }
    // A rename first, so that a partly removed folder never looks like an answer.
    let removed = BytePath(".\(id).removed")
    for folder in folders {
      if try folder.status(name) != nil {
        try folder.removeTree(removed)
        try folder.rename(name, to: folder, removed, replacing: true)
      }
      try folder.removeTree(removed)
    }
  }

  /// Continues the search for jobs that ended long ago and have no folder left, and removes them from
  /// the store, which would grow forever otherwise. A job whose answer was taken out of the outbox
  /// leaves no other trace.
  private func forgetOld() throws -> (count: Int, isDone: Bool) {
    guard settings.keepHistory > 0 else { return (0, true) }
    let jobs = try store.ended(
      in: Self.states, before: cutoff(settings.keepHistory), after: forgotten,
      limit: Self.roundSize)
    let count = try store.forget(jobs.map(\.id).filter { (try? isGone($0)) == true })
    forgotten = jobs.count < Self.roundSize ? nil : jobs.last
    return (count, forgotten == nil)
  }

  /// Whether no folder of a job is left. At the next start, a folder in `work/` that is not in the store
  /// would be taken for an interrupted claim.
  func isGone(_ id: String) throws -> Bool {
    try (folders + [layout.work]).allSatisfy { try $0.status(BytePath(id)) == nil }
  }
}
