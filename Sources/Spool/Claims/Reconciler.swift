import Diagnostics
import WorkerProtocol

@preconcurrency import Glibc

/// Makes folders and store consistent again after a power cut or a failed call at any point.
///
/// The rules: a folder in the outbox is an answer, a folder in `failed/` is a job that was given up, and
/// any other job continues. Each rule can be applied at any time to a job that no worker has.
final class Reconciler {
  let layout: SpoolLayout
  let store: JobStore
  let claimer: Claimer
  let disposal: Disposal
  let clock: SpoolClock
  /// Called with messages about repairs.
  var report: (LogLevel, String) -> Void = { _, _ in }

  init(
    layout: SpoolLayout, store: JobStore, claimer: Claimer, disposal: Disposal, clock: SpoolClock
  ) {
    self.layout = layout
    self.store = store
    self.claimer = claimer
    self.disposal = disposal
    self.clock = clock
  }

  /// Repairs every job that has not ended, and every folder in `work/`.
  ///
  /// - Returns: the jobs that could not be repaired now.
  func settleAll() throws -> [String] {
    var ids = Set(try store.ids(in: JobState.allCases.filter { !$0.isFinal }))
    for name in try layout.work.names() {
      if JobIDs.isID(name.escaped) {
        ids.insert(name.escaped)
      } else if name.hasPrefix(".illava-probe-") {
        try layout.work.remove(name)
      } else if name.hasPrefix("."), name.hasSuffix(".new") || name.hasSuffix(".removed") {
        try layout.work.removeTree(name)
      } else {
        report(.warning, "work/\(name) is not a job's folder: it stays where it is")
      }
    }
    for folder in [layout.inbox, layout.outbox, layout.failed, layout.archive] {
      try removeLeftovers(in: folder)
    }
    try removeAbandoned()
    var unsettled: [String] = []
    for id in ids.sorted() {
      do {
        try settle(id)
      } catch {
        unsettled.append(id)
        report(.error, "job \(id) cannot be settled now: \(Failure.describing(error).message)")
      }
    }
    return unsettled
  }

  /// Brings one job to a state in which it can continue.
  func settle(_ id: String) throws {
    let name = BytePath(id)
    guard let job = try store.job(id) else { return try settleUnknown(id) }
    if job.isDamaged, let claim = claimOnDisk(id) {
      try store.mend(claim)
      report(
        .warning, "state.sqlite was damaged where it says what job \(id) is: mended from work/")
      return try settle(id)
    }
    switch job.state {
    case .done:
      try disposal.tidy(job.claim)
    case .failed, .cancelled:
      try settleGivenUp(job, name)
    case .queued, .running, .retrying, .waitingMemory, .held:
      try settleActive(job, name)
    }
  }

  /// Repairs a job that was given up and is still, or again, in `work/`. A folder in both places was
  /// copied from one to the other; one that is being brought back has no error file.
  private func settleGivenUp(_ job: Job, _ name: BytePath) throws {
    guard try layout.work.status(name) != nil else { return }
    try disposal.dropCopy(name)
    let hasError = try layout.work.status(name.appending(Disposal.errorFile)) != nil
    if try disposal.hasInput(job.id), try !hasError || layout.failed.status(name) == nil {
      try disposal.bringBack(job)
    }
  }

  private func settleActive(_ job: Job, _ name: BytePath) throws {
    let interrupted = JobStore.AttemptEnd(
      ending: .interrupted, detail: "the daemon or the machine went down")
    if try disposal.isAnswer(layout.outbox, name) {
      let end = JobStore.AttemptEnd(
        ending: .done, detail: "the answer was there after the daemon had gone down")
      try disposal.deliver(job, summary: nil, end: job.state == .running ? end : nil)
      return
    }
    if try disposal.isGivenUp(name) {
      let bytes = try layout.failed.contents(
        name.appending(Disposal.errorFile), limit: 1 << 20)
      let document = try JSONLine.decode(ErrorDocument.self, bytes)
      let error = document.report ?? ErrorReport(Self.vanished(job))
      try disposal.giveUp(
        job, state: document.state, error: error, end: job.state == .running ? interrupted : nil)
      return
    }
    guard try layout.work.status(name.appending(JobClaim.inputFolder)) != nil else {
      try disposal.giveUp(
        job, error: ErrorReport(Self.vanished(job)),
        end: job.state == .running ? interrupted : nil)
      return
    }
    if job.state == .running {
      try store.putBack(
        job.id, state: .queued, notBefore: 0, error: nil, end: interrupted,
        text: "back in the queue: the daemon went down in attempt \(job.attempts)",
        now: clock.wall())
    }
  }

  /// Repairs a folder in `work/` that is not in the store: an interrupted claim.
  private func settleUnknown(_ id: String) throws {
    let name = BytePath(id)
    guard try layout.work.status(name) != nil else { return }
    let folder = try layout.work.folder(name)
    guard try folder.status(JobClaim.fileName) != nil else {
      if try folder.isEmpty(JobClaim.inputFolder) {
        try layout.work.removeTree(name)
      } else {
        report(.warning, "work/\(id) has files but no claim.json: it stays where it is")
      }
      return
    }
    guard let claim = claimOnDisk(id) else {
      report(
        .warning, "work/\(id)/claim.json is not this job's claim: the folder stays where it is")
      return
    }
    // It is unknown which parts of the claim had reached the disk when it was interrupted.
    try folder.sync()
    try layout.work.sync()
    guard let whole = try claimer.finishClaim(claim) else { return }
    try claimer.syncSources(of: [whole])
    try store.add(
      [whole], ageing: SpoolClock.milliseconds(claimer.settings.ageing), now: clock.wall())
  }

  /// The contents of `work/ID/claim.json`, if it can be read and is about this job.
  private func claimOnDisk(_ id: String) -> JobClaim? {
    let path = BytePath(id).appending(JobClaim.fileName)
    guard let bytes = try? layout.work.contents(path, limit: 1 << 24),
      let claim = try? JobClaim(json: bytes), claim.id == id
    else { return nil }
    return claim
  }

  /// Removes files that were being written, and folders that were being removed, at an interruption.
  func removeLeftovers(in folder: Folder) throws {
    let names = try folder.names()
    let cleaned = try names.compactMap { $0.removing(".removed") }
      .map { String($0.escaped.dropFirst()) }.filter(isCleanedAway)
    if !cleaned.isEmpty {
      // Some versions removed folders before updating the store: these jobs have no answer any more.
      try folder.sync()
      try store.beginCleaning(cleaned)
    }
    for name in names {
      let isOurs =
        name.hasPrefix(".illava-probe-") || name.hasPrefix("..illava-probe-")
        || (folder !== layout.inbox && name.hasPrefix(".")
          && (name.hasSuffix(".new") || name.hasSuffix(".removed")))
      if isOurs { try folder.removeTree(name) }
    }
  }

  /// Whether a job has ended and has no folder.
  private func isCleanedAway(_ id: String) throws -> Bool {
    guard JobIDs.isID(id), let job = try store.job(id), job.state.isFinal else { return false }
    return try [layout.work, layout.outbox, layout.failed, layout.archive].allSatisfy {
      try $0.status(BytePath(id)) == nil
    }
  }

  /// Removes copies in the inbox that a killed `illava submit` left behind.
  func removeAbandoned() throws {
    for name in try layout.inbox.names() {
      guard name.hasPrefix("."), let id = name.removing(".part"),
        JobIDs.isID(String(id.escaped.dropFirst()))
      else { continue }
      do {
        guard try isAbandoned(name) else { continue }
        try layout.inbox.removeTree(name)
        report(.notice, "removed inbox/\(name): its illava submit was ended before it was done")
      } catch {
        report(
          .warning, "inbox/\(name) cannot be removed: \(Failure.describing(error).message)")
      }
    }
  }

  /// Whether no process holds the lock that `illava submit` has on its folder while it copies.
  private func isAbandoned(_ name: BytePath) throws -> Bool {
    guard try layout.inbox.status(name)?.kind == .folder else { return false }
    let folder = try layout.inbox.folder(name)
    let age = clock.wall() - (try folder.status().changed) / 1_000_000
    // Locks of other machines are not visible here, and a new folder may not be locked yet.
    if !layout.inbox.fileSystem.reportsChanges { return age > 86_400_000 }
    guard try !folder.names().isEmpty || age > 60_000 else { return false }
    return flock(folder.descriptor, LOCK_EX | LOCK_NB) == 0
  }

  static func vanished(_ job: Job) -> Failure {
    Failure(
      .missingInput, code: .spoolInputGone,
      "the files of \(job.name) disappeared from the folder work",
      remedy: "Drop the file in again, and let nothing but the daemon change that folder.")
  }
}

extension Folder {
  /// Whether the name does not exist, or is an empty folder.
  fileprivate func isEmpty(_ name: BytePath) throws -> Bool {
    guard let status = try status(name) else { return true }
    return try status.kind == .folder && folder(name).names().isEmpty
  }
}
