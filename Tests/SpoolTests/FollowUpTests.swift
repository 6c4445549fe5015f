import Answers
import Basics
import Diagnostics
import Testing
import WorkerProtocol

@preconcurrency import Glibc
@testable import Spool

/// Jobs that ask again about the media of an answered job.
@Suite struct FollowUpTests {
  /// A spool with one answered job.
  private func answered(
    _ afterDone: Settings.AfterDone = .archive
  ) throws -> (spool: TestSpool, first: Job) {
    let spool = try TestSpool { $0.afterDone = afterDone }
    try spool.drop("door.mp4", "film")
    try spool.drop("door.mp4.txt", "Who comes?")
    spool.run(seconds: 4)
    return (spool, try #require(try spool.jobs().first))
  }

  private func ask(_ spool: TestSpool, _ id: String, _ question: String) throws -> Job {
    let known = Set(try spool.jobs().map(\.id))
    try spool.drop(
      "again.job.json", #"{"follow_up": "\#(id)", "prompts": ["\#(question)"]}"#)
    spool.run(seconds: 4)
    return try #require(try spool.jobs().first { !known.contains($0.id) })
  }

  @Test(arguments: [Settings.AfterDone.archive, .keep])
  func theSameFilesAreAskedAboutAgainWithWhatWasSaid(_ afterDone: Settings.AfterDone) throws {
    let (spool, first) = try answered(afterDone)
    let second = try ask(spool, first.id, "And then?")
    #expect(second.state == .done)
    #expect(second.name == first.name)
    let asked = try #require(spool.workers.jobs.last)
    #expect(asked.prompts == ["And then?"])
    #expect(asked.media.map(\.name) == ["door.mp4"])
    #expect(spool.workers.contents.last == ["film"])
    #expect(asked.turns?.map(\.question) == ["Who comes?"])
    #expect(asked.turns?.first?.answer == (try spool.document("outbox", first)).questions[0].answer)
    #expect(try spool.shown(second).version == 2)
    // A third question knows both.
    _ = try ask(spool, second.id, "And last?")
    #expect(spool.workers.jobs.last?.turns?.map(\.question) == ["Who comes?", "And then?"])
    #expect(try spool.names("work") == [])
    #expect(try spool.names("inbox") == [])
  }

  @Test func theCommandLineFollowsUp() throws {
    let (spool, first) = try answered()
    var submission = Submission(root: spool.folder.path)
    submission.prompts = ["And then?"]
    submission.followUp = first.id
    _ = try submission.submit([])
    spool.run(seconds: 4)
    let job = try #require(try spool.jobs().first { $0.id != first.id })
    #expect(job.state == .done)
    #expect(spool.workers.jobs.last?.turns?.count == 1)
    #expect(spool.workers.contents.last == ["film"])
  }

  @Test func whatCannotBeFollowedUpSaysWhy() throws {
    let (gone, first) = try answered(.delete)
    let lost = try ask(gone, first.id, "And then?")
    #expect(lost.state == .failed)
    #expect(lost.error?.code == .jobFollowUp)
    #expect(lost.error?.remedy?.contains("after_done") == true)
    let unknown = try ask(gone, JobIDs().next(milliseconds: 1), "And then?")
    #expect(unknown.error?.code == .jobFollowUp)
    let failed = try ask(gone, lost.id, "And then?")
    #expect(failed.error?.message.contains("failed") == true)
    for text in [
      #"{"follow_up": "door.mp4", "prompt": "x"}"#, #"{"follow_up": 7, "prompt": "x"}"#,
      #"{"follow_up": "\#(first.id)", "media": ["a.png"], "prompt": "x"}"#,
    ] {
      #expect {
        try JobDocument(json: Array(text.utf8), source: "a.job.json")
      } throws: { ($0 as? Failure)?.code == .jobFollowUp }
    }
  }

  @Test func aFileWithASidecarCannotFollowUp() throws {
    let (spool, first) = try answered()
    try spool.drop("b.png", "picture")
    try spool.drop("b.png.json", #"{"follow_up": "\#(first.id)", "prompt": "x"}"#)
    spool.run(seconds: 4)
    #expect(try spool.job("b.png")?.error?.code == .jobFollowUp)
  }

  @Test func aClaimWhoseFilesCouldNotBeBroughtIsCompleted() throws {
    let (spool, first) = try answered()
    spool.fault.set(.link, EIO, at: 0)
    try spool.drop("again.job.json", #"{"follow_up": "\#(first.id)", "prompts": ["Still?"]}"#)
    spool.run(seconds: 2)
    try spool.restart()
    spool.run(seconds: 4)
    #expect(spool.workers.jobs.last?.prompts == ["Still?"])
    #expect(spool.workers.contents.last == ["film"])
    #expect(try spool.jobs().allSatisfy { $0.state == .done })
  }
}
