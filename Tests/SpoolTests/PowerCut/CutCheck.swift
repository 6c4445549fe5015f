import FoundationEssentials

@testable import Spool

/// What must be true of a spool after a power cut and a start, whatever the cut left.
struct CutCheck {
  let spool: CutSpool
  let promises: Promises
  /// All jobs submitted in the record; those not promised yet may exist, too.
  let all: Promises
  private(set) var problems: [String] = []

  init(_ spool: CutSpool, _ promises: Promises, all: Promises) throws {
    self.spool = spool
    self.promises = promises
    self.all = all
    let jobs = try spool.store.jobs(in: JobState.allCases)
    let byName = Dictionary(grouping: jobs, by: \.name)
    for (name, dropped) in promises.dropped.sorted(by: { $0.key < $1.key }) {
      check(name, dropped, byName[name] ?? [])
    }
    for (name, jobs) in byName where jobs.count > 1 {
      problem("\(name) is there \(jobs.count) times")
    }
    for job in jobs { check(job) }
    checkFolders(jobs)
    let damage = try spool.store.integrityProblems()
    if !damage.isEmpty { problem("the store: \(damage)") }
  }

  private mutating func problem(_ text: String) { problems.append(text) }

  /// A job that was on disk when the power went.
  private mutating func check(_ name: String, _ dropped: Promises.Dropped, _ jobs: [Job]) {
    let left = spool.files(in: "inbox").filter { $0.hasPrefix("inbox/" + name) }
    if !left.isEmpty { problem("\(name) is still in the inbox: \(left)") }
    guard let job = jobs.first else {
      if !promises.mayBeForgotten.contains(name) { problem("\(name) is lost") }
      return
    }
    if promises.forgotten.contains(name) { problem("\(name) was forgotten and is there again") }
    let wanted = promises.cancelled.contains(name) ? "cancelled" : dropped.end
    if job.state.rawValue != wanted,
      job.state != .cancelled || !promises.mayBeCancelled.contains(name)
    {
      problem("\(name) is \(job.state.rawValue) (\(job.error?.message ?? "-")), not \(wanted)")
    }
    if promises.ended.contains(name), spool.asked.contains(job.id),
      !promises.mayBeRetried.contains(name)
    {
      problem("\(name) was at its end and is asked about again")
    }
    if promises.cleaned.contains(name), !job.isCleaned { problem("\(name) was cleaned away") }
    if job.isCleaned { return }
    switch job.state {
    case .done:
      let answered = spool.names("outbox").contains(job.id) ? job.id : job.duplicateOf ?? job.id
      let sources = spool.sources(ofAnswer: answered)
      if sources != dropped.digests {
        problem("\(name) has the answer to \(sources ?? []), not to \(dropped.digests)")
      }
      checkInput(of: job, dropped)
    case .failed, .cancelled: checkFiles(of: job, dropped, in: "failed/\(job.id)/input")
    default: break
    }
  }

  /// Checks that the input of an answered job is where the settings want it.
  private mutating func checkInput(of job: Job, _ dropped: Promises.Dropped) {
    switch spool.settings.afterDone {
    case .archive: checkFiles(of: job, dropped, in: "archive/\(job.id)/input")
    case .keep where job.duplicateOf == nil:
      checkFiles(of: job, dropped, in: "outbox/\(job.id)/input")
    case .keep, .delete: break
    }
  }

  private mutating func checkFiles(
    of job: Job, _ dropped: Promises.Dropped, in folder: String
  ) {
    let found = spool.digests(in: folder)
    if !found.isSuperset(of: dropped.digests) {
      problem("\(job.name): \(folder) does not hold its files, but \(spool.files(in: folder))")
    }
  }

  /// A row of the store, promised or not.
  private mutating func check(_ job: Job) {
    let places = ["outbox", "failed", "archive"].filter { spool.names($0).contains(job.id) }
    if job.isCleaned {
      if !all.mayBeCleaned.union(all.mayBeForgotten).contains(job.name) {
        problem("\(job.name) was cleaned away unasked")
      }
      if !places.isEmpty { problem("\(job.name) is cleaned away and in \(places)") }
      return
    }
    switch job.state {
    case .done:
      // A duplicate that is skipped has the answer of the first.
      let isAnswered =
        spool.sources(ofAnswer: job.id) != nil
        || job.duplicateOf.map { spool.sources(ofAnswer: $0) != nil } == true
      if !isAnswered { problem("\(job.name) is done without a whole answer") }
      if places.contains("failed") { problem("\(job.name) is done and in failed") }
    case .failed, .cancelled:
      if !spool.hasError(job.id) { problem("\(job.name) is given up without an error") }
      if places != ["failed"] { problem("\(job.name) is given up and in \(places)") }
    default: problem("\(job.name) is \(job.state.rawValue) in the end")
    }
  }

  /// Checks that there are no folders without a row.
  private mutating func checkFolders(_ jobs: [Job]) {
    let known = Set(jobs.map(\.id))
    for folder in ["work", "outbox", "failed", "archive"] {
      let strange = spool.names(folder).filter { folder == "work" || !known.contains($0) }
      if !strange.isEmpty { problem("left over in \(folder): \(strange)") }
    }
  }
}
