import Answers
import Basics
import Diagnostics
import Foundation
import Testing
import WorkerProtocol

@testable import JobCommands
@testable import Spool

/// `answer.json` of jobs in every state, in the spool and as `illava show --json` prints it.
@Suite struct AnswerDocumentTests {
  private static let bad = Failure(
    .badInput, code: FailureCode(rawValue: "x.y"), "no video", remedy: "Convert it.")

  @Test func aWorkerIsToldWhoAsks() throws {
    let spool = try TestSpool()
    try spool.drop("a.png")
    spool.run(seconds: 4)
    let job = try #require(try spool.job("a.png"))
    let document = try spool.document("outbox", job)
    #expect(document.version == 2)
    #expect(document.job.id == job.id && document.job.name == "a.png")
    #expect(document.job.state == "done" && document.job.attempt == 1)
    #expect(document.job.taken == Timestamp.text(milliseconds: job.created))
    #expect(document.host == HostName.current)
    let attempt = try #require(try spool.spooler.store.attempts(of: job.id).first)
    #expect(document.job.begun == Timestamp.text(milliseconds: attempt.started))
    #expect(document.job.ended != nil)
    // The same document, on one line.
    let line = try SpoolClient(root: spool.folder.path).document(job, [attempt])
    #expect(!line.contains("\n"))
    #expect(line == JSONText.line(Array(try spool.text("outbox/\(job.id)/answer.json").utf8)))
  }

  @Test func aJobThatFailedHasTheSameDocument() throws {
    let spool = try TestSpool()
    spool.workers.behavior = { _ in .looksAndFails(Self.bad) }
    try spool.drop("a.png")
    spool.run(seconds: 4)
    let job = try #require(try spool.job("a.png"))
    let document = try spool.document("failed", job)
    #expect(document.job.id == job.id && document.job.state == "failed")
    #expect(document.job.attempt == 1 && document.job.begun != nil && document.job.ended != nil)
    #expect(document.error?.code == "x.y" && document.error?.message == "no video")
    #expect(document.error?.remedy == "Convert it." && document.error?.stage == "media")
    #expect(document.media.map(\.name) == ["a.png"])
    #expect(document.questions.map(\.prompt) == job.claim.prompts)
    #expect(document.questions.allSatisfy { $0.answer == nil })
    #expect(document.attempts?.map(\.ending) == ["failed"])
    #expect(document.attempts?.allSatisfy { $0.ended != nil } == true)
    #expect(document.model?.path == spool.settings.model)
    #expect(try spool.text("failed/\(job.id)/error.json").contains("no video"))
    let client = SpoolClient(root: spool.folder.path)
    #expect(client.failurePath(job)?.hasSuffix("failed/\(job.id)/answer.json") == true)
    #expect(try spool.shown(job).error == document.error)
  }

  @Test func aModelThatWasOpenedIsKnownWhereAJobFails() throws {
    let spool = try TestSpool()
    spool.workers.behavior = { _ in
      .opensAndDies(
        AnswerDocument.Model(path: "/model", weights: "int8", family: "F", digest: "d"))
    }
    spool.settings.maxAttempts = 1
    try spool.restart()
    try spool.drop("a.png")
    spool.run(seconds: 6)
    let job = try #require(try spool.job("a.png"))
    #expect(try spool.document("failed", job).model?.family == "F")
    #expect(try spool.document("failed", job).attempts?.first?.signal == 11)
  }

  @Test func aJobThatWasCancelledHasOne() throws {
    let spool = try TestSpool()
    spool.spooler.dispatcher.isPaused = true
    try spool.drop("a.png")
    spool.run(seconds: 4)
    let waiting = try #require(try spool.job("a.png"))
    _ = spool.spooler.handle(ControlRequest(.cancel, ids: [waiting.id]))
    spool.run(seconds: 2)
    let job = try #require(try spool.job("a.png"))
    let document = try spool.document("failed", job)
    #expect(document.job.state == "cancelled" && document.job.attempt == 0)
    #expect(document.job.begun == nil && document.job.ended != nil)
    #expect(document.error?.code == "spool.cancelled")
    #expect(try spool.shown(job).job == document.job)
  }

  @Test func oneThatIsBroughtBackLeavesNothing() throws {
    let spool = try TestSpool { $0.afterDone = .archive }
    spool.workers.behavior = { _ in .fails(Self.bad) }
    try spool.drop("a.png")
    spool.run(seconds: 4)
    let failed = try #require(try spool.job("a.png"))
    spool.workers.behavior = { _ in .answers }
    _ = spool.spooler.handle(ControlRequest(.retry, ids: [failed.id]))
    spool.run(seconds: 4)
    let job = try #require(try spool.job("a.png"))
    #expect(job.state == .done)
    #expect(try spool.document("outbox", job).error == nil)
    #expect(try spool.names("failed") == [])
    #expect(try spool.names("archive/\(job.id)") == ["claim.json", "input"])
  }

  @Test func aDeathWhileAJobIsGivenUpLeavesNothingInTheArchive() throws {
    let spool = try TestSpool { $0.afterDone = .archive }
    spool.workers.behavior = { _ in .fails(Self.bad) }
    // The document is written, the mark of a complete folder is not.
    spool.fault.set(.write, ENOSPC, at: 0, count: 1000, paths: "error.json")
    try spool.drop("a.png")
    spool.run(seconds: 4)
    let running = try #require(try spool.job("a.png"))
    #expect(running.state == .running)
    #expect(try spool.names("work/\(running.id)").contains("answer.json"))
    #expect(try spool.shown(running).job.state == "running")
    spool.fault.clear()
    spool.workers.behavior = { _ in .answers }
    try spool.restart()
    spool.run(seconds: 4)
    let job = try #require(try spool.job("a.png"))
    #expect(job.state == .done)
    #expect(try spool.names("archive/\(job.id)") == ["claim.json", "input"])
  }

  @Test func oneThatWaitsOrRunsSaysWhatIsKnown() throws {
    let spool = try TestSpool()
    spool.spooler.dispatcher.isPaused = true
    try spool.drop("a.png")
    spool.run(seconds: 4)
    var shown = try spool.shown(try #require(try spool.job("a.png")))
    #expect(shown.job.state == "queued" && shown.job.begun == nil && shown.job.ended == nil)
    #expect(shown.questions.count == 1 && shown.error == nil)
    spool.workers.behavior = { _ in .hangs }
    spool.spooler.dispatcher.isPaused = false
    spool.run(seconds: 1)
    shown = try spool.shown(try #require(try spool.job("a.png")))
    #expect(shown.job.state == "running" && shown.job.attempt == 1)
    #expect(shown.job.begun != nil && shown.job.ended == nil)
  }

  @Test func anAnswerThatIsGoneIsAnError() throws {
    let spool = try TestSpool()
    try spool.drop("a.png")
    spool.run(seconds: 4)
    let job = try #require(try spool.job("a.png"))
    try FileManager.default.removeItem(atPath: spool.path("outbox/\(job.id)"))
    let shown = try spool.shown(job)
    #expect(shown.job.state == "done" && shown.error?.code == "job.answer-gone")
  }

  @Test func anAnswerOfVersion1IsShownInTheNewShape() throws {
    let spool = try TestSpool()
    let old = #"{"answers":[{"prompt":"?","answer":"a"}],"schema":2,"warnings":["w"]}"#
    spool.workers.behavior = { _ in .writes(old) }
    try spool.drop("a.png")
    spool.run(seconds: 4)
    let job = try #require(try spool.job("a.png"))
    #expect(job.state == .done)
    let shown = try spool.shown(job)
    #expect(shown.job.id == job.id)
    #expect(shown.questions.map(\.answer) == ["a"] && shown.warnings == ["w"])
    #expect(try SpoolClient(root: spool.folder.path).answer(job)?.texts.map(\.answer) == ["a"])
  }

  @Test(arguments: [
    ("length", "(cut off) fine"), ("repetition", "(repeats itself) fine"), ("stop", "fine"),
  ])
  func aListSaysHowAnAnswerEnded(_ reason: String, _ words: String) throws {
    let spool = try TestSpool()
    var summary = FakeWorker.summary
    summary.ending = reason
    spool.workers.behavior = { [summary] _ in .reports(summary) }
    try spool.drop("a.png")
    spool.run(seconds: 4)
    #expect(JobText.outcome(try #require(try spool.job("a.png"))) == words)
  }
}
