import Diagnostics

@preconcurrency import Glibc

/// Removes what is kept for longer, or takes more space, than the settings allow; never anything of
/// a job that is not at its end.
final class Cleaner {
  /// Which jobs a person wants cleaned away.
  struct Wish {
    /// Only these jobs, whatever their age; empty for all that are old enough.
    var ids: [String] = []
    /// Seconds since their end, instead of the settings' times.
    var olderThan: Double?
    /// Whether the store forgets them, too.
    var forgets = false
  }

  let layout: SpoolLayout
  let store: JobStore
  let clock: SpoolClock
  var settings: Settings
  /// How far the search for jobs to forget has come; `nil` between two searches.
  private var forgotten: JobStore.Ended?

  private static let states = JobState.allCases.filter(\.isFinal)
  /// Jobs that are looked at in one round: the daemon has other things to do, too.
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
  /// - Returns: what was done, in words, and whether nothing more is to be done now.
  func round() throws -> (texts: [String], isDone: Bool) {
    var old: [JobStore.Ended] = []
    for (states, seconds) in [
      ([JobState.done], settings.keepDone), ([.failed, .cancelled], settings.keepFailed),
    ] where seconds > 0 {
      old += try store.ended(
        in: states, before: cutoff(seconds), cleaned: false, limit: Self.roundSize)
    }
    if old.isEmpty, settings.keepBytes > 0 { old = try tooMuch() }
    old = Array(old.prefix(Self.roundSize))
    try remove(old)
    let (count, isForgotten) = try forgetOld()
    return (texts(removed: old.count, forgotten: count), old.isEmpty && isForgotten)
  }

  /// What was done, in words.
  func texts(removed: Int, forgotten: Int) -> [String] {
    var texts: [String] = []
    if removed > 0 { texts.append("cleaned away the files of \(Self.jobs(removed))") }
    if forgotten > 0 { texts.append("forgot \(Self.jobs(forgotten))") }
    return texts
  }

  private static func jobs(_ count: Int) -> String { count == 1 ? "1 job" : "\(count) jobs" }

  /// What ended before this time, in milliseconds since 1970, ended so long ago.
  func cutoff(_ seconds: Double) -> Int {
    clock.wall() - Int(min(1e12, max(0, seconds)) * 1000) + 1
  }

  /// The oldest jobs that have to go so that what is left is small enough.
  private func tooMuch() throws -> [JobStore.Ended] {
    let jobs = try store.ended(in: Self.states, before: .max, cleaned: false)
    var sizes: [Int] = []
    for job in jobs { sizes.append(try size(job.id)) }
    var total = sizes.reduce(0, +)
    var chosen: [JobStore.Ended] = []
    for (job, size) in zip(jobs, sizes) where total > settings.keepBytes {
      chosen.append(job)
      total -= size
    }
    return chosen
  }

  private func size(_ id: String) throws -> Int {
    let name = BytePath(id)
    return try folders.reduce(0) { sum, folder in
      try sum + (folder.status(name) == nil ? 0 : folder.folder(name).treeSize())
    }
  }

  /// Removes the files of jobs at their end.
  func remove(_ jobs: [JobStore.Ended]) throws {
    guard !jobs.isEmpty else { return }
    // A folder that is being removed is no answer any more: it goes by one rename, which is on disk
    // before the store says so. What is left of it after a cut goes at the next start.
    var removed: [(folder: Folder, name: BytePath)] = []
    for job in jobs {
      let name = BytePath(job.id)
      let new = BytePath(".\(job.id).removed")
      for folder in folders where try folder.status(name) != nil {
        try folder.rename(name, to: folder, new, replacing: true)
        removed.append((folder, new))
      }
    }
    for folder in folders where removed.contains(where: { $0.folder === folder }) {
      try folder.sync()
    }
    try store.setCleaned(jobs.map(\.id))
    for (folder, name) in removed { try folder.removeTree(name) }
  }

  /// Goes on with the search for jobs that ended long ago and of which no folder is left, and has
  /// the store forget them: it would grow for ever. Whoever takes answers out of the outbox leaves
  /// no trace but that.
  private func forgetOld() throws -> (count: Int, isDone: Bool) {
    guard settings.keepHistory > 0 else { return (0, true) }
    let jobs = try store.ended(
      in: Self.states, before: cutoff(settings.keepHistory), after: forgotten,
      limit: Self.roundSize)
    let count = try store.forget(jobs.map(\.id).filter(isGone))
    forgotten = jobs.count < Self.roundSize ? nil : jobs.last
    return (count, forgotten == nil)
  }

  /// Whether no folder of a job is left. A start would take what lies in `work/` and is not in the
  /// store for a claim that was cut short.
  func isGone(_ id: String) throws -> Bool {
    try (folders + [layout.work]).allSatisfy { try $0.status(BytePath(id)) == nil }
  }
}
