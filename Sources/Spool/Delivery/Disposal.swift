import Answers
import Basics
import Diagnostics
import WorkerProtocol

@preconcurrency import Glibc

/// Moves jobs to their final place: answers to the outbox, given-up jobs to `failed/`, inputs as the
/// settings say. Every function may be interrupted anywhere and called again.
final class Disposal {
  /// The folder in `work/ID/` that a worker writes to.
  static let outputFolder: BytePath = "output"
  /// The file that marks a folder as an answer.
  static let answerFile = BytePath(AnswerDocument.fileName)
  /// The file that marks a folder as a job that was given up.
  static let errorFile: BytePath = "error.json"
  /// The report of the failure for people, beside `error.json`.
  static let reportFile: BytePath = "report.html"
  /// What a job that is brought back from `failed/` leaves there.
  static let failureFiles = [errorFile, reportFile, answerFile]

  let layout: SpoolLayout
  let store: JobStore
  let clock: SpoolClock
  var settings: Settings
  /// Writes the page of a job that failed.
  var failurePage: ((Job, ErrorReport) -> String)?
  /// The model that a worker opened last.
  var opened: AnswerDocument.Model?
  /// Called with messages about a job.
  var report: (LogLevel, String?, String) -> Void = { _, _, _ in }
  /// Throws where a folder of the spool is not in its place.
  var checkPlaces: () throws -> Void = {}

  init(layout: SpoolLayout, store: JobStore, clock: SpoolClock, settings: Settings) {
    self.layout = layout
    self.store = store
    self.clock = clock
    self.settings = settings
  }

  var calls: SystemCalls { layout.root.calls }

  /// Makes an empty folder for a worker's output.
  func makeOutput(_ id: String) throws -> Folder {
    let folder = try layout.work.folder(BytePath(id))
    try folder.removeTree(Self.outputFolder)
    // Left by a daemon that went down while it gave the job up; they would go to the archive.
    try folder.remove(Self.reportFile)
    try folder.remove(Self.answerFile)
    return try folder.makeFolder(Self.outputFolder)
  }

  /// Delivers a worker's output as the answer: synced to disk, then renamed into the outbox, then marked
  /// in the store; the input is removed only afterwards.
  ///
  /// - Throws: `spool.no-answer` when there is none, `spool.taken` when a file that is not the daemon's
  ///   has its name and cannot be moved away.
  func deliver(
    _ job: Job, summary: WorkerSummary?, end: JobStore.AttemptEnd?, duplicateOf: String? = nil
  ) throws {
    try checkPlaces()
    let name = BytePath(job.id)
    let own = name.appending(Self.outputFolder)
    if try isAnswer(layout.work, own) {
      let file = Self.answerFile
      if try layout.outbox.status(name) != nil,
        try !isSame(layout.work, own.appending(file), layout.outbox, name.appending(file))
      {
        try setAside(name, in: layout.outbox)
      }
      if try layout.outbox.status(name) == nil {
        let folder = try layout.work.folder(name)
        let output = try folder.folder(Self.outputFolder)
        if settings.afterDone == .keep { try keepInput(of: folder, in: output) }
        try output.syncTree()
        calls.passed("deliver.synced")
        try Transfer.bring(folder, Self.outputFolder, to: layout.outbox, name)
        calls.passed("deliver.renamed")
      }
    }
    // After a restart it is unknown whether this sync was reached.
    try layout.outbox.sync()
    calls.passed("deliver.outbox-synced")
    // The outbox may have been replaced a moment ago.
    try checkPlaces()
    guard try isAnswer(layout.outbox, name) else {
      throw Failure(.fault, code: .spoolNoAnswer, "there is no answer for \(job.name)")
    }
    if settings.flat { try writeFlat(job) }
    let text = duplicateOf.map { "answered like \($0)" } ?? "answered"
    try store.finish(
      job.id, summary: summary, duplicateOf: duplicateOf, end: end, text: text, now: clock.wall())
    try tidy(job.claim)
  }

  /// Whether a job has an answer, in a worker's output or already in the outbox.
  func hasAnswer(_ id: String) throws -> Bool {
    let name = BytePath(id)
    return try isAnswer(layout.work, name.appending(Self.outputFolder))
      || isAnswer(layout.outbox, name)
  }

  /// Whether a job's files are in place for an attempt.
  func hasInput(_ id: String) throws -> Bool {
    try layout.work.status(BytePath(id).appending(JobClaim.inputFolder)) != nil
  }

  /// Gives up a running or waiting job.
  ///
  /// - Parameter state: `failed` or `cancelled`.
  func giveUp(
    _ job: Job, state: JobState = .failed, error: ErrorReport, end: JobStore.AttemptEnd?
  ) throws {
    try checkPlaces()
    guard JobIDs.isID(job.id) else {
      // The row is damaged: no folder has such a name, and none may be searched for under it.
      try store.giveUp(job.id, state: state, error: error, end: end, now: clock.wall())
      return
    }
    let name = BytePath(job.id)
    if try !isGivenUp(name) {
      // Without a folder the input is gone; the error is recorded all the same.
      let folder = try layout.work.makeFolder(name)
      try folder.removeTree(Self.outputFolder)
      if state == .failed, let page = failurePage?(job, error) {
        try folder.remove(Self.reportFile)
        try folder.write(Array(page.utf8), to: Self.reportFile)
      }
      let answer = StoredDocument.givenUp(
        job, state: state, error: error, attempts: try store.attempts(of: job.id), end: end,
        host: HostName.current, model: model, now: clock.wall())
      try folder.remove(Self.answerFile)
      try folder.write(Array((try answer.json() + "\n").utf8), to: Self.answerFile)
      // It marks the folder as complete, so it comes last.
      let document = ErrorDocument(job: job, state: state, error: error)
      try folder.write(try JSONLine.encode(document), to: Self.errorFile)
      try folder.sync()
      calls.passed("give-up.written")
      do {
        if try layout.failed.status(name) != nil { try setAside(name, in: layout.failed) }
        try Transfer.bring(layout.work, name, to: layout.failed, name)
      } catch let failure as Failure where failure.code == .spoolTaken {
        // The job ends all the same, in the place where it is.
        report(.warning, job.id, "\(failure.message); what was given up stays in work/\(job.id)")
      }
      calls.passed("give-up.renamed")
    }
    try layout.failed.sync()
    try layout.work.sync()
    calls.passed("give-up.synced")
    try checkPlaces()
    guard try layout.failed.status(name) != nil || layout.work.status(name) != nil else {
      throw Failure(
        .fault, code: .spoolMoved, "\(layout.failed.path) was exchanged at this moment")
    }
    try store.giveUp(job.id, state: state, error: error, end: end, now: clock.wall())
    try dropCopy(name)
  }

  /// The model of the settings; nothing but its place is known of one that no worker has opened.
  private var model: AnswerDocument.Model? {
    guard !settings.model.isEmpty else { return nil }
    if let opened, opened.path == settings.model { return opened }
    return AnswerDocument.Model(
      path: settings.model, weights: settings.weights.isEmpty ? nil : settings.weights)
  }

  /// Moves a job that was given up back to `work/`.
  func bringBack(_ job: Job) throws {
    try checkPlaces()
    let name = BytePath(job.id)
    if try !hasInput(job.id) {
      guard try layout.failed.status(name.appending(JobClaim.inputFolder)) != nil else {
        throw Failure(
          .missingInput, code: .spoolInputGone,
          "the files of job \(job.id) are not there any more",
          remedy: "Drop them into the inbox again.")
      }
      if try layout.work.status(name) != nil { try setAside(name, in: layout.work) }
      try Transfer.bring(
        layout.failed, name, to: layout.work, name, without: Self.failureFiles)
      calls.passed("again.renamed")
    }
    // After a copy, the folder in failed/ is removed first, because it would mark the job as given up.
    if try isGivenUp(name, orCopied: false) { try Transfer.retire(layout.failed, name) }
    let folder = try layout.work.folder(name)
    for file in Self.failureFiles { try folder.remove(file) }
    try folder.sync()
    try layout.work.sync()
    try layout.failed.sync()
    try store.again(job.id, now: clock.wall())
  }

  /// Moves the input of an answered job as the settings say, and removes its folder in `work/`.
  func tidy(_ claim: JobClaim) throws {
    let name = BytePath(claim.id)
    guard let folder = try layout.work.status(name) != nil ? layout.work.folder(name) : nil else {
      return
    }
    if settings.afterDone == .archive {
      // It was copied to the archive; the partial claim would no longer show that.
      guard try archive(name, folder) else { return }
      try Transfer.retire(layout.work, name)
    } else {
      try layout.work.removeTree(name)
    }
    calls.passed("tidy.removed")
    try layout.work.sync()
  }

  /// Also makes the input files appear beside the answer, as hard links, not copies.
  private func keepInput(of folder: Folder, in output: Folder) throws {
    guard try folder.status(JobClaim.inputFolder) != nil else { return }
    let input = try folder.folder(JobClaim.inputFolder)
    let kept = try output.makeFolder(JobClaim.inputFolder)
    try kept.link(allOf: input)
  }
}
