import Diagnostics

@preconcurrency import Glibc

/// Removes what is kept for longer, or takes more space, than the settings allow; never anything of
/// a job that is not at its end.
final class Cleaner {
  let layout: SpoolLayout
  let store: JobStore
  let clock: SpoolClock
  var settings: Settings

  init(layout: SpoolLayout, store: JobStore, clock: SpoolClock, settings: Settings) {
    self.layout = layout
    self.store = store
    self.clock = clock
    self.settings = settings
  }

  private var folders: [Folder] { [layout.outbox, layout.failed, layout.archive] }

  /// Removes.
  ///
  /// - Parameters:
  ///   - ids: only these jobs, whatever their age; empty for what the settings say.
  ///   - olderThan: seconds, instead of the settings' times.
  /// - Returns: what was done, in words.
  func clean(ids: [String] = [], olderThan: Double? = nil) throws -> [String] {
    let isLimited = settings.keepDone > 0 || settings.keepFailed > 0 || settings.keepBytes > 0
    // Without a limit there is nothing to look at, and a long history would be much to read.
    guard isLimited || !ids.isEmpty || olderThan != nil else { return [] }
    let jobs = try store.jobs(in: [.done, .failed, .cancelled]).filter { !$0.isCleaned }
    let now = clock.wall()
    var removed = 0
    var rest: [Job] = []
    for job in jobs {
      let limit = olderThan ?? (job.state == .done ? settings.keepDone : settings.keepFailed)
      let isOld =
        (limit > 0 || olderThan != nil) && Double(now - job.updated) >= limit * 1000
      if ids.isEmpty ? isOld : ids.contains(job.id) {
        try remove(job)
        removed += 1
      } else {
        rest.append(job)
      }
    }
    if ids.isEmpty, settings.keepBytes > 0 {
      removed += try shrink(rest.sorted { $0.updated < $1.updated })
    }
    return removed == 0 ? [] : ["cleaned away the files of \(removed) jobs"]
  }

  /// Removes the oldest until what is left is small enough.
  private func shrink(_ jobs: [Job]) throws -> Int {
    var sizes: [Int] = []
    for job in jobs { sizes.append(try size(job)) }
    var total = sizes.reduce(0, +)
    var removed = 0
    for (job, size) in zip(jobs, sizes) where total > settings.keepBytes {
      try remove(job)
      total -= size
      removed += 1
    }
    return removed
  }

  private func size(_ job: Job) throws -> Int {
    let name = BytePath(job.id)
    return try folders.reduce(0) { sum, folder in
      try sum + (folder.status(name) == nil ? 0 : folder.folder(name).treeSize())
    }
  }

  private func remove(_ job: Job) throws {
    let name = BytePath(job.id)
    // A folder that is being removed is no answer any more: it goes by one rename.
    let removed = BytePath(".\(job.id).removed")
    for folder in folders where try folder.status(name) != nil {
      try folder.rename(name, to: folder, removed, replacing: true)
      try folder.removeTree(removed)
    }
    try store.setCleaned(job.id)
  }
}
