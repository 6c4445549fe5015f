/// A user's request to clean jobs, carried out in small steps.
final class CleaningRun {
  /// The removals so far, in words.
  var texts: [String] { rounds + cleaner.texts(removed: removed, forgotten: forgotten) }

  private let cleaner: Cleaner
  private let wish: Cleaner.Wish
  private let cutoff: Int
  private var ids: ArraySlice<String>
  private var last: JobStore.Ended?
  private var rounds: [String] = []
  private var removed = 0
  private var forgotten = 0

  private static let states = JobState.allCases.filter(\.isFinal)
  /// Jobs whose files are removed in one step.
  private static let stepSize = 10

  init(_ cleaner: Cleaner, _ wish: Cleaner.Wish) {
    self.cleaner = cleaner
    self.wish = wish
    cutoff = cleaner.cutoff(wish.olderThan ?? 0)
    ids = wish.ids[...]
  }

  /// Does the next step.
  ///
  /// - Returns: whether nothing is left to do.
  func step() throws -> Bool {
    if wish.ids.isEmpty, wish.olderThan == nil {
      let (texts, isDone) = try cleaner.round()
      rounds += texts
      if isDone { rounds += [cleaner.doubt()].compactMap(\.self) }
      return isDone
    }
    if wish.ids.isEmpty, let doubt = cleaner.doubt() {
      rounds = [doubt]
      return true
    }
    let jobs = wish.ids.isEmpty ? try old() : try named()
    removed += try cleaner.remove(jobs)
    if wish.forgets {
      let gone = jobs.map(\.id).filter { (try? cleaner.isGone($0)) == true }
      forgotten += try cleaner.store.forget(gone)
    }
    return wish.ids.isEmpty ? jobs.count < Self.stepSize : ids.isEmpty
  }

  /// The next jobs that are old enough.
  private func old() throws -> [JobStore.Ended] {
    let jobs = try cleaner.store.ended(
      in: Self.states, before: cutoff, cleaned: wish.forgets ? nil : false, after: last,
      limit: Self.stepSize)
    last = jobs.last ?? last
    return jobs
  }

  /// The next jobs that were named and have ended.
  private func named() throws -> [JobStore.Ended] {
    let some = ids.prefix(Self.stepSize)
    ids = ids.dropFirst(some.count)
    return try some.compactMap { try cleaner.store.job($0) }
      .filter { $0.state.isFinal && (wish.forgets || !$0.isCleaned) }
      .map { JobStore.Ended(id: $0.id, state: $0.state, updated: $0.updated) }
  }
}
