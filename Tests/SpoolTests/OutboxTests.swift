import Answers
import Basics
import Diagnostics
import FoundationEssentials
import Testing

@preconcurrency import Glibc
@testable import Spool

/// Where answers and inputs go, and how content that was answered before is handled.
@Suite struct OutboxTests {
  @Test func anAnsweredInputIsArchivedWhereThatIsAskedFor() throws {
    let spool = try TestSpool { $0.afterDone = .archive }
    try spool.drop("a.png", "content")
    spool.run(seconds: 4)
    let id = try #require(try spool.jobs().first?.id)
    #expect(try spool.text("archive/\(id)/input/a.png") == "content")
    #expect(try spool.names("work") == [])
  }

  @Test func anAnsweredInputIsKeptBesideItsAnswerWhereThatIsAskedFor() throws {
    let spool = try TestSpool { $0.afterDone = .keep }
    try spool.drop("trip/1.png", "one")
    try spool.drop("trip/job.json", #"{"prompt": "Where?"}"#)
    spool.run(seconds: 4)
    let id = try #require(try spool.jobs().first?.id)
    #expect(try spool.names("outbox/\(id)") == ["answer.json", "input"])
    #expect(try spool.text("outbox/\(id)/input/1.png") == "one")
    #expect(try spool.names("work") == [])
  }

  @Test func theFlatAnswerHasTheNameOfTheFile() throws {
    let spool = try TestSpool { $0.flat = true }
    try spool.drop("cam/a.png")
    spool.run(seconds: 4)
    let id = try #require(try spool.jobs().first?.id)
    #expect(try spool.text("outbox/a.png.json") == spool.text("outbox/\(id)/answer.json"))
  }

  @Test(arguments: Settings.Duplicates.allCases)
  func theSameContentAgain(_ duplicates: Settings.Duplicates) throws {
    let spool = try TestSpool { $0.duplicates = duplicates }
    try spool.drop("a.png", "same")
    spool.run(seconds: 4)
    try spool.drop("b.png", "same")
    try spool.drop("c.png", "other")
    try spool.drop("d.png", "same")
    try spool.drop("d.png.txt", "Another question?")
    spool.run(seconds: 6)
    let first = try #require(try spool.job("a.png"))
    let second = try #require(try spool.job("b.png"))
    #expect(try spool.jobs().allSatisfy { $0.state == .done })
    #expect(try spool.names("work") == [])
    switch duplicates {
    case .run:
      #expect(spool.workers.jobs.count == 4)
      #expect(second.duplicateOf == nil)
    case .link:
      #expect(spool.workers.jobs.count == 3)
      #expect(second.duplicateOf == first.id)
      let (own, old) = (try spool.document("outbox", second), try spool.document("outbox", first))
      #expect(own.questions.map(\.answer) == old.questions.map(\.answer))
      #expect(own.job.id == second.id && own.job.name == "b.png" && own.job.state == "done")
      #expect(own.job.duplicateOf == first.id && old.job.duplicateOf == nil)
      #expect(own.media.map(\.name) == ["b.png"] && old.media.map(\.name) == [first.name])
    case .skip:
      #expect(spool.workers.jobs.count == 3)
      #expect(second.duplicateOf == first.id)
      #expect(try spool.names("outbox").contains(second.id) == false)
    }
  }

  @Test func theCommandRunsOnceForEveryJobThatEnds() throws {
    let spool = try TestSpool()
    try spool.drop("before.png")
    spool.run(seconds: 4)
    var settings = spool.settings
    settings.command = [
      "/bin/sh", "-c", "echo $ILLAVA_STATE $ILLAVA_NAME >> \(spool.path("told"))",
    ]
    spool.spooler.apply(settings)
    spool.time.advance(1)
    spool.run(seconds: 1)
    spool.workers.behavior = {
      $0.media[0].name == "b.png"
        ? .fails(.init(.badInput, code: FailureCode(rawValue: "x"), "bad")) : .answers
    }
    try spool.drop("a.png")
    try spool.drop("b.png")
    spool.run(seconds: 5)
    for _ in 0..<50 {
      usleep(20_000)
      spool.run(seconds: 1)
      let told = (try? spool.text("told")) ?? ""
      if told.split(separator: "\n").count == 2 { break }
    }
    spool.run(seconds: 5)
    #expect(
      Set(try spool.text("told").split(separator: "\n").map(String.init))
        == ["done a.png", "failed b.png"])
  }

  @Test func aFailedJobHasAPageThatSaysAtWhichStage() throws {
    let spool = try TestSpool()
    spool.spooler.disposal.failurePage = { job, error in
      "\(job.name): \(error.message) (\(error.stage ?? "-"))"
    }
    spool.workers.behavior = { _ in
      .fails(.init(.badInput, code: FailureCode(rawValue: "x"), "no video"))
    }
    try spool.drop("a.png")
    spool.run(seconds: 4)
    let id = try #require(try spool.jobs().first?.id)
    let page = try spool.text("failed/\(id)/report.html")
    #expect(page.hasPrefix("a.png: no video ("))
    #expect(
      try spool.names("failed/\(id)") == [
        "answer.json", "claim.json", "error.json", "input", "report.html",
      ])
  }
}
