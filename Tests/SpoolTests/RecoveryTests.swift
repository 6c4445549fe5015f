import Diagnostics
import FoundationEssentials
import Testing
import WorkerProtocol

@preconcurrency import Glibc
@testable import Spool

/// Starts after an interrupted run: each half-done step is created by hand.
@Suite struct RecoveryTests {
  @Test func aClaimThatWasOnlyWrittenIsFinished() throws {
    let spool = try TestSpool()
    try spool.drop("a.png", "1")
    try spool.drop("a.png.txt", "what?")
    // The store fails for good from the commit of the claim on, then the daemon goes down.
    spool.fault.set(.commit, ENOSPC, at: 0, count: 1000)
    spool.run(seconds: 5)
    #expect(try spool.names("work").count == 1)
    #expect(try spool.names("inbox") == [])
    let id = try #require(try spool.names("work").first)
    // As if the power had failed between the two renames.
    rename(spool.path("work/\(id)/input/a.png.txt"), spool.path("inbox/a.png.txt"))
    spool.fault.clear()
    try spool.restart()
    spool.run(seconds: 2)
    let job = try #require(try spool.job("a.png"))
    #expect(job.id == id)
    #expect(job.state == .done)
    #expect(spool.workers.jobs.map(\.prompts) == [["what?"]])
    #expect(try spool.names("inbox") == [])
  }

  @Test func aClaimWhoseFilesAreGoneLeavesNothing() throws {
    let spool = try TestSpool()
    try spool.drop("a.png", "1")
    spool.fault.set(.commit, ENOSPC, at: 0, count: 1000)
    spool.run(seconds: 5)
    let id = try #require(try spool.names("work").first)
    unlink(spool.path("work/\(id)/input/a.png"))
    spool.fault.clear()
    try spool.restart()
    #expect(try spool.names("work") == [])
    #expect(try spool.jobs().isEmpty)
  }

  @Test func anAnswerInTheOutboxEndsItsJob() throws {
    let spool = try TestSpool()
    try spool.drop("a.png")
    // Commits: claimed, started, answered. The rename works, the commit after it always fails.
    spool.fault.set(.commit, EIO, at: 2, count: 1000)
    spool.run(seconds: 5)
    let id = try #require(try spool.names("outbox").first)
    #expect(try spool.job("a.png")?.state == .running)
    spool.fault.clear()
    try spool.restart()
    #expect(try spool.job("a.png")?.state == .done)
    #expect(try spool.names("outbox") == [id])
    #expect(try spool.names("work") == [])
    spool.run(seconds: 5)
    #expect(spool.workers.jobs.count == 1)
  }

  @Test func aJobWhoseFilesVanishedIsGivenUp() throws {
    let spool = try TestSpool()
    spool.spooler.dispatcher.isPaused = true
    try spool.drop("a.png")
    spool.run(seconds: 4)
    let id = try #require(try spool.jobs().first?.id)
    try FileManager.default.removeItem(atPath: spool.path("work/\(id)"))
    try spool.restart()
    #expect(try spool.job("a.png")?.error?.code == .spoolInputGone)
    #expect(try spool.names("failed/\(id)") == ["answer.json", "error.json"])
  }

  @Test func aRetryThatWasCutShortIsFinished() throws {
    let spool = try TestSpool()
    spool.workers.behavior = { _ in
      .fails(.init(.badInput, code: FailureCode(rawValue: "x"), "bad"))
    }
    try spool.drop("a.png")
    spool.run(seconds: 4)
    let id = try #require(try spool.jobs().first?.id)
    rename(spool.path("failed/\(id)"), spool.path("work/\(id)"))
    spool.workers.behavior = { _ in .answers }
    try spool.restart()
    spool.run(seconds: 2)
    #expect(try spool.job("a.png")?.state == .done)
  }

  @Test func theStoreIsWholeAndASecondDaemonIsKeptOut() throws {
    let spool = try TestSpool()
    try spool.drop("a.png")
    spool.run(seconds: 4)
    #expect(try spool.spooler.store.integrityProblems() == [])
    let lock = try SpoolLock(root: spool.folder.path)
    #expect(lock != nil)
    #expect(try SpoolLock(root: spool.folder.path) == nil)
    withExtendedLifetime(lock) {}
  }

  @Test func idsComeAfterThoseOfAnEarlierRunWhateverTheClockSays() {
    let old = JobIDs().next(milliseconds: 1_800_000_000_000)
    let ids = JobIDs(latest: old)
    #expect(ids.next(milliseconds: 1_000) > old)
  }

  @Test func aReadOnlyInboxKeepsTheDaemonFromStarting() throws {
    let folder = try TemporaryFolder()
    let layout = try SpoolLayout(
      path: folder.path,
      calls: SystemCalls { operation, path in
        operation == .open && path.contains("/inbox/") ? EROFS : nil
      })
    let failure = #expect(throws: Failure.self) { try layout.probeRights() }
    #expect(failure?.code == .spoolReadOnly)
  }
}
