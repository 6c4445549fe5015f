import Diagnostics
import WorkerProtocol

@preconcurrency import Glibc

/// Brings jobs to their end: answers to the outbox, given-up jobs to `failed/`, inputs to where
/// the settings want them. Every function may be cut short anywhere and be called again.
final class Disposal {
  /// The folder in `work/ID/` that a worker writes to.
  static let outputFolder: BytePath = "output"
  /// The file that makes a folder an answer.
  static let answerFile: BytePath = "answer.json"
  /// The file that makes a folder a job that was given up.
  static let errorFile: BytePath = "error.json"
  /// What happened, for people, beside `error.json`.
  static let reportFile: BytePath = "report.html"

  let layout: SpoolLayout
  let store: JobStore
  let clock: SpoolClock
  var settings: Settings
  /// Writes the page of a job that failed.
  var failurePage: ((Job, ErrorReport) -> String)?

  init(layout: SpoolLayout, store: JobStore, clock: SpoolClock, settings: Settings) {
    self.layout = layout
    self.store = store
    self.clock = clock
    self.settings = settings
  }

  private var calls: SystemCalls { layout.root.calls }

  /// An empty folder for a worker's output.
  func makeOutput(_ id: String) throws -> Folder {
    let folder = try layout.work.folder(BytePath(id))
    try folder.removeTree(Self.outputFolder)
    return try folder.makeFolder(Self.outputFolder)
  }

  /// Makes a worker's output the answer: on disk, then by one rename in the outbox, then in the
  /// store; only then the input goes.
  func deliver(
    _ job: Job, summary: WorkerSummary?, end: JobStore.AttemptEnd?, duplicateOf: String? = nil
  ) throws {
    let name = BytePath(job.id)
    if try layout.outbox.status(name) == nil {
      let folder = try layout.work.folder(name)
      let output = try folder.folder(Self.outputFolder)
      if settings.afterDone == .keep { try keepInput(of: folder, in: output) }
      try output.syncTree()
      calls.passed("deliver.synced")
      try folder.rename(Self.outputFolder, to: layout.outbox, name)
      calls.passed("deliver.renamed")
    }
    // After a restart it is not known whether this was reached.
    try layout.outbox.sync()
    calls.passed("deliver.outbox-synced")
    if settings.flat { try writeFlat(job) }
    let text = duplicateOf.map { "answered like \($0)" } ?? "answered"
    try store.finish(
      job.id, summary: summary, duplicateOf: duplicateOf, end: end, text: text, now: clock.wall())
    try tidy(job.claim)
  }

  /// Gives a running or waiting job up.
  ///
  /// - Parameter state: `failed` or `cancelled`.
  func giveUp(
    _ job: Job, state: JobState = .failed, error: ErrorReport, end: JobStore.AttemptEnd?
  ) throws {
    let name = BytePath(job.id)
    if JobIDs.isID(job.id), try layout.failed.status(name) == nil {
      // Without a folder its input is gone; the error is kept all the same.
      let folder = try layout.work.makeFolder(name)
      try folder.removeTree(Self.outputFolder)
      if state == .failed, let page = failurePage?(job, error) {
        try folder.remove(Self.reportFile)
        try folder.write(Array(page.utf8), to: Self.reportFile)
      }
      let document = ErrorDocument(job: job, state: state, error: error)
      try folder.write(try JSONLine.encode(document), to: Self.errorFile)
      try folder.sync()
      calls.passed("give-up.written")
      try layout.work.rename(name, to: layout.failed, name)
      calls.passed("give-up.renamed")
    }
    try layout.failed.sync()
    try layout.work.sync()
    calls.passed("give-up.synced")
    try store.giveUp(job.id, state: state, error: error, end: end, now: clock.wall())
  }

  /// Brings a job that was given up back into `work/`.
  func bringBack(_ job: Job) throws {
    let name = BytePath(job.id)
    if try layout.work.status(name) == nil {
      guard try layout.failed.status(name.appending(JobClaim.inputFolder)) != nil else {
        throw Failure(
          .missingInput, code: "spool.input-gone",
          "the files of job \(job.id) are not there any more",
          remedy: "Drop them into the inbox again.")
      }
      try layout.failed.rename(name, to: layout.work, name)
      calls.passed("again.renamed")
    }
    let folder = try layout.work.folder(name)
    try folder.remove(Self.errorFile)
    try folder.remove(Self.reportFile)
    try folder.sync()
    try layout.work.sync()
    try layout.failed.sync()
    try store.again(job.id, now: clock.wall())
  }

  /// Puts the input of an answered job where it belongs and removes its folder in `work/`.
  func tidy(_ claim: JobClaim) throws {
    let name = BytePath(claim.id)
    guard let folder = try layout.work.status(name) != nil ? layout.work.folder(name) : nil else {
      return
    }
    if settings.afterDone == .archive, try layout.archive.status(name) == nil {
      try folder.removeTree(Self.outputFolder)
      try layout.work.rename(name, to: layout.archive, name)
      calls.passed("tidy.archived")
      try layout.archive.sync()
    } else {
      try layout.work.removeTree(name)
      calls.passed("tidy.removed")
    }
    try layout.work.sync()
  }

  /// Lets the files of the input appear beside the answer, too; they are the same files, not copies.
  private func keepInput(of folder: Folder, in output: Folder) throws {
    guard try folder.status(JobClaim.inputFolder) != nil else { return }
    let input = try folder.folder(JobClaim.inputFolder)
    let kept = try output.makeFolder(JobClaim.inputFolder)
    try linkTree(input, kept)
  }

  /// Gives all files below a folder second names below another.
  func linkTree(_ source: Folder, _ target: Folder) throws {
    for name in try source.names() {
      switch try source.status(name)?.kind {
      case .folder: try linkTree(try source.folder(name), try target.makeFolder(name))
      case .file where try target.status(name) == nil: try source.link(name, to: target, name)
      default: break
      }
    }
  }

  /// The answer under the name of the file, for programs that look for it there.
  private func writeFlat(_ job: Job) throws {
    let answer = try layout.outbox.contents(
      BytePath(job.id).appending(Self.answerFile), limit: 1 << 28)
    var taken: Set<String> = []
    let name = BytePath(SafeName.make(job.claim.name, taken: &taken) + ".json")
    try layout.outbox.write(answer, to: name)
    try layout.outbox.sync()
  }
}
