import Diagnostics
import FoundationEssentials
import Options
import Testing
import WorkerProtocol

@testable import Spool

/// What the store removes, so that it does not grow forever, and what it never removes.
@Suite struct ForgettingTests {
  private let day = 86_400.0

  @Test func jobsWithoutFilesAreForgottenWhenTheirTimeIsUp() throws {
    let spool = try TestSpool {
      $0.keepDone = 3600
      $0.keepHistory = 86_400
    }
    try spool.drop("a.png")
    spool.run(seconds: 4)
    let id = try #require(try spool.job("a.png")?.id)
    spool.time.advance(7200)
    spool.run(seconds: 1)
    #expect(try spool.names("outbox") == [])
    #expect(try spool.job("a.png")?.isCleaned == true)
    #expect(try !spool.spooler.store.events(of: id).isEmpty)
    spool.time.advance(day)
    spool.run(seconds: 1)
    #expect(try spool.jobs().isEmpty)
    #expect(try spool.spooler.store.events(of: id).isEmpty)
    #expect(try spool.spooler.store.attempts(of: id).isEmpty)
    #expect(spool.messages.contains { $0.contains("forgot 1 job") })
  }

  @Test func whatHasAnAnswerOrIsNotAtItsEndIsNeverForgotten() throws {
    let spool = try TestSpool { $0.keepHistory = 86_400 }
    try spool.drop("kept.png")
    spool.run(seconds: 4)
    try spool.drop("taken.png")
    spool.run(seconds: 4)
    let taken = try #require(try spool.job("taken.png")?.id)
    try FileManager.default.removeItem(atPath: spool.path("outbox/\(taken)"))
    spool.workers.behavior = { _ in .hangs }
    try spool.drop("running.png")
    try spool.drop("waiting.png")
    spool.run(seconds: 4)
    spool.spooler.dispatcher.settings.stall = 1e9
    spool.spooler.dispatcher.settings.deadline = 1e9
    let texts = try {
      spool.time.advance(100)
      return try spool.spooler.cleaner.round().texts
    }()
    #expect(texts == [])
    var settings = spool.settings
    settings.keepHistory = 50
    spool.spooler.cleaner.settings = settings
    #expect(try spool.spooler.cleaner.round().texts == ["forgot 1 job"])
    #expect(Set(try spool.jobs().map(\.name)) == ["kept.png", "running.png", "waiting.png"])
    settings.keepHistory = 0
    spool.spooler.cleaner.settings = settings
    spool.time.advance(1e6)
    #expect(try spool.spooler.cleaner.round().texts == [])
  }

  @Test func aLongHistoryIsForgottenInRounds() throws {
    let spool = try TestSpool { $0.keepHistory = 50 }
    let store = spool.spooler.store
    let ids = JobIDs()
    let claims = (0..<501).map { number in
      JobClaim(
        id: ids.next(milliseconds: spool.time.now), form: .media, name: BytePath("\(number).png"),
        created: spool.time.now, inputs: [], media: [], prompts: ["?"], options: QuestionOptions(),
        priority: 0, refusal: nil)
    }
    try store.add(claims, ageing: 1, now: spool.time.now)
    let error = ErrorReport(Failure(.badInput, code: FailureCode(rawValue: "x"), "bad"))
    for (number, claim) in claims.enumerated() {
      guard number > 0 else { continue }
      try store.giveUp(
        claim.id, state: number % 2 == 0 ? .failed : .cancelled, error: error, end: nil,
        now: spool.time.now)
      // The first round is full of jobs that still have files: the search must continue after them.
      if number <= 250 {
        try FileManager.default.createDirectory(
          atPath: spool.path("failed/\(claim.id)"), withIntermediateDirectories: false)
      }
    }
    spool.time.advance(100)
    var rounds = 0
    while try !spool.spooler.cleaner.round().isDone { rounds += 1 }
    #expect(rounds == 2)
    #expect(try spool.jobs().count == 251)
  }

  @Test func countersDoNotGoBackWhenJobsAreForgotten() throws {
    let spool = try TestSpool()
    try spool.drop("a.png")
    try spool.drop("b.png")
    spool.run(seconds: 6)
    #expect(try spool.spooler.store.endings() == [.done: 2])
    let reply = spool.spooler.handle(ControlRequest(.clean, olderThan: 0, forgets: true))
    #expect(
      reply.results.map(\.message) == ["cleaned away the files of 2 jobs", "forgot 2 jobs"])
    #expect(try spool.jobs().isEmpty)
    #expect(try spool.names("outbox") == [])
    #expect(try spool.spooler.store.endings() == [.done: 2])
  }

  @Test func aJobIsForgottenByNameAndItsFilesGo() throws {
    let spool = try TestSpool()
    spool.workers.behavior = { $0.media[0].name == "a.png" ? .answers : .hangs }
    try spool.drop("a.png")
    spool.run(seconds: 4)
    try spool.drop("b.png")
    spool.run(seconds: 4)
    let ids = try spool.jobs().map(\.id)
    _ = spool.spooler.handle(ControlRequest(.clean, ids: ids, forgets: true))
    #expect(try spool.jobs().map(\.name) == ["b.png"])
    #expect(try spool.names("outbox") == [])
    #expect(try spool.names("work").count == 1)
  }

  @Test func aJobWhoseInputIsStillThereIsNotForgotten() throws {
    let spool = try TestSpool()
    try spool.drop("a.png")
    spool.run(seconds: 4)
    let id = try #require(try spool.job("a.png")?.id)
    // A start would take a folder in work/ that is not in the store for a new job.
    try FileManager.default.createDirectory(
      atPath: spool.path("work/\(id)/input"), withIntermediateDirectories: true)
    _ = spool.spooler.handle(ControlRequest(.clean, ids: [id], forgets: true))
    #expect(try spool.job("a.png")?.isCleaned == true)
  }
}
