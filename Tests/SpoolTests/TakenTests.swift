import Diagnostics
import FoundationEssentials
import Testing
import WorkerProtocol

@preconcurrency import Glibc
@testable import Spool

/// Files that are already in a job's target place, and answers that are gone: no job counts as done
/// without an answer, and no input is removed without one.
@Suite struct TakenTests {
  static let shapes = [
    "empty folder", "file", "link", "other answer", "empty answer", "answer folder",
  ]

  private func make(_ shape: String, at path: String, file: String = "answer.json") throws {
    let text = Data("{\"answers\":[{\"prompt\":\"x\",\"answer\":\"forged\"}],\"id\":\"x\"}".utf8)
    switch shape {
    case "file": try text.write(to: URL(filePath: path))
    case "link": try #require(symlink("/etc", path) == 0)
    case "answer folder":
      try FileManager.default.createDirectory(
        atPath: path + "/" + file, withIntermediateDirectories: true)
    default:
      try #require(mkdir(path, 0o770) == 0)
      if shape == "other answer" { try text.write(to: URL(filePath: path + "/" + file)) }
      if shape == "empty answer" { try Data().write(to: URL(filePath: path + "/" + file)) }
    }
  }

  private func queued(_ name: String, in spool: TestSpool) throws -> String {
    spool.spooler.dispatcher.isPaused = true
    try spool.drop(name)
    spool.run(seconds: 4)
    spool.spooler.dispatcher.isPaused = false
    return try #require(try spool.job(name)?.id)
  }

  @Test(arguments: shapes)
  func whatHasTheAnswersPlaceIsSetAside(_ shape: String) throws {
    let spool = try TestSpool()
    let id = try queued("a.png", in: spool)
    try make(shape, at: spool.path("outbox/\(id)"))
    spool.run(seconds: 4)
    #expect(try spool.job("a.png")?.state == .done)
    #expect(try spool.text("outbox/\(id)/answer.json").contains("fine"))
    #expect(try spool.names("outbox") == [id, "\(id).other"])
    #expect(try spool.names("work") == [])
    #expect(spool.messages.contains { $0.contains("is not this job's") })
  }

  @Test(arguments: shapes)
  func whatHasTheFailedJobsPlaceIsSetAside(_ shape: String) throws {
    let spool = try TestSpool()
    spool.workers.behavior = { _ in
      .fails(.init(.badInput, code: FailureCode(rawValue: "x"), "bad"))
    }
    let id = try queued("a.png", in: spool)
    try make(shape, at: spool.path("failed/\(id)"), file: "error.json")
    spool.run(seconds: 4)
    #expect(try spool.job("a.png")?.state == .failed)
    #expect(try spool.text("failed/\(id)/input/a.png") == "content")
    #expect(try spool.names("work") == [])
    spool.workers.behavior = { _ in .answers }
    #expect(spool.spooler.handle(ControlRequest(.retry, ids: [id])).results[0].changed)
    spool.run(seconds: 4)
    #expect(try spool.job("a.png")?.state == .done)
  }

  @Test(arguments: shapes)
  func whatHasTheArchivesPlaceIsSetAside(_ shape: String) throws {
    let spool = try TestSpool { $0.afterDone = .archive }
    let id = try queued("a.png", in: spool)
    try make(shape, at: spool.path("archive/\(id)"), file: "claim.json")
    spool.run(seconds: 4)
    #expect(try spool.job("a.png")?.state == .done)
    #expect(try spool.text("archive/\(id)/input/a.png") == "content")
    #expect(try spool.names("work") == [])
  }

  @Test func whatCannotBeMovedAwayEndsThatJobAndNoOther() throws {
    let spool = try TestSpool()
    let id = try queued("a.png", in: spool)
    for folder in ["outbox", "failed"] {
      try make("empty folder", at: spool.path("\(folder)/\(id)"))
    }
    spool.fault.set { operation, path in
      operation == .rename && (path.hasSuffix("outbox/\(id)") || path.hasSuffix("failed/\(id)"))
        ? EBUSY : nil
    }
    try spool.drop("b.png")
    spool.run(seconds: 6)
    #expect(try spool.job("a.png")?.error?.code == .spoolTaken)
    #expect(try spool.job("b.png")?.state == .done)
    // Its input is still in place, for another attempt.
    #expect(try spool.text("work/\(id)/input/a.png") == "content")
    try spool.restart()
    #expect(try spool.job("a.png")?.state == .failed)
    spool.fault.clear()
    #expect(spool.spooler.handle(ControlRequest(.retry, ids: [id])).results[0].changed)
    spool.run(seconds: 4)
    #expect(try spool.job("a.png")?.state == .done)
    #expect(try spool.names("work") == [])
  }

  @Test(arguments: shapes)
  func aStartTakesNothingForAnAnswerThatIsNone(_ shape: String) throws {
    guard shape != "other answer" else { return }
    let spool = try TestSpool()
    let id = try queued("a.png", in: spool)
    try make(shape, at: spool.path("outbox/\(id)"))
    try spool.restart()
    spool.run(seconds: 4)
    #expect(try spool.job("a.png")?.state == .done)
    #expect(try spool.text("outbox/\(id)/answer.json").contains("fine"))
  }

  @Test(
    arguments: [Settings.Duplicates.link, .skip],
    ["gone", "empty folder", "file", "empty answer", "answer folder"])
  func whatWasAnsweredBeforeIsAskedAgainWhereThatAnswerIsGone(
    _ duplicates: Settings.Duplicates, _ shape: String
  ) throws {
    let spool = try TestSpool { $0.duplicates = duplicates }
    try spool.drop("a.png", "same")
    spool.run(seconds: 4)
    let old = try #require(try spool.job("a.png")?.id)
    try FileManager.default.removeItem(atPath: spool.path("outbox/\(old)"))
    if shape != "gone" { try make(shape, at: spool.path("outbox/\(old)")) }
    try spool.drop("b.png", "same")
    try spool.drop("c.png", "other")
    spool.run(seconds: 6)
    let new = try #require(try spool.job("b.png"))
    #expect(try spool.jobs().allSatisfy { $0.state == .done })
    #expect(new.duplicateOf == nil)
    #expect(try spool.text("outbox/\(new.id)/answer.json").contains("fine"))
    // And then that answer is the one that is repeated.
    try spool.drop("d.png", "same")
    spool.run(seconds: 4)
    #expect(try spool.job("d.png")?.duplicateOf == new.id)
    #expect(spool.workers.jobs.count == 3)
  }

  @Test(arguments: [SystemCalls.Operation.link, .open])
  func anOldAnswerThatCannotBeReadNowHoldsNobodyUp(_ operation: SystemCalls.Operation) throws {
    let spool = try TestSpool { $0.duplicates = .link }
    try spool.drop("a.png", "same")
    spool.run(seconds: 4)
    let old = try #require(try spool.job("a.png")?.id)
    spool.fault.set { called, path in
      called == operation && path.contains("outbox/\(old)") ? EIO : nil
    }
    try spool.drop("b.png", "same")
    spool.run(seconds: 12)
    #expect(try spool.job("b.png")?.state == .done)
  }

  // MARK: - Flat answers

  @Test func equalNamesDoNotOverwriteEachOtherAndGoWithTheirJobs() throws {
    let spool = try TestSpool { $0.flat = true }
    for folder in ["x", "y", "z"] {
      try spool.drop("\(folder)/door.png", folder)
      try spool.drop("\(folder)/door.png.txt", "Which? \(folder)")
    }
    spool.run(seconds: 8)
    let flat = try spool.names("outbox").filter { $0.hasSuffix(".json") }
    #expect(flat.count == 3)
    #expect(flat.contains("door.png.json"))
    #expect(Set(try flat.map { try spool.text("outbox/\($0)") }).count == 3)
    let job = try #require(try spool.job("y/door.png"))
    let own = try spool.text("outbox/\(job.id)/answer.json")
    _ = spool.spooler.handle(ControlRequest(.clean, ids: [job.id]))
    let left = try spool.names("outbox").filter { $0.hasSuffix(".json") }
    #expect(left.count == 2)
    #expect(try left.allSatisfy { try spool.text("outbox/\($0)") != own })
    _ = spool.spooler.handle(ControlRequest(.clean, olderThan: 0))
    #expect(try spool.names("outbox") == [])
  }

  @Test func aFileOfAnotherWithTheFlatNameStays() throws {
    let spool = try TestSpool { $0.flat = true }
    try Data("mine".utf8).write(to: URL(filePath: spool.path("outbox/a.png.json")))
    try spool.drop("a.png")
    spool.run(seconds: 4)
    #expect(try spool.job("a.png")?.state == .done)
    _ = spool.spooler.handle(ControlRequest(.clean, olderThan: 0))
    #expect(try spool.names("outbox") == ["a.png.json"])
    #expect(try spool.text("outbox/a.png.json") == "mine")
  }

  // MARK: - Ids

  @Test(arguments: [
    "ffffffff-ffff-7fff-8fff-ffffffffffff", "ffffffff-fffe-7000-8000-000000000000",
    "7fffffff-ffff-7fff-8fff-ffffffffffff",
  ])
  func anIdFromAnotherTimeIsNotTaken(_ id: String) throws {
    let spool = try TestSpool()
    try spool.drop("\(id)/1.png")
    try spool.drop("\(id)/job.json", "{}")
    spool.run(seconds: 4)
    try spool.restart()
    for name in ["a.png", "b.png"] {
      try spool.drop(name)
      spool.run(seconds: 4)
    }
    let jobs = try spool.jobs().sorted { $0.created < $1.created }
    #expect(jobs.count == 3)
    #expect(jobs.map(\.id) == jobs.map(\.id).sorted())
    #expect(!jobs.map(\.id).contains(id))
  }

  @Test func idsAreIdsWhateverTheClockAndTheLastOneSay() {
    let last = "ffffffff-ffff-7fff-8fff-ffffffffffff"
    for time in [Int.min, -1, 0, 1_800_000_000_000, .max] {
      for ids in [JobIDs(), JobIDs(latest: last), JobIDs(latest: "no id")] {
        let some = (0..<5000).map { _ in ids.next(milliseconds: time) }
        #expect(Set(some).count == some.count)
        #expect(some.allSatisfy(JobIDs.isID))
      }
    }
  }
}
