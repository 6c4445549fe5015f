import Diagnostics
import Testing

@testable import Spool

/// Requests of users.
@Suite struct RequestTests {
  private func ids(_ spool: TestSpool) throws -> [String] { try spool.jobs().map(\.id) }

  @Test func cancelEndsAWaitingJobAndRetryBringsItBack() throws {
    let spool = try TestSpool()
    spool.spooler.dispatcher.isPaused = true
    try spool.drop("a.png")
    spool.run(seconds: 4)
    let id = try #require(try ids(spool).first)
    #expect(spool.spooler.handle(ControlRequest(.cancel, ids: [id])).results.first?.changed == true)
    #expect(try spool.job("a.png")?.state == .cancelled)
    #expect(try spool.names("failed/\(id)").contains("error.json"))
    #expect(
      spool.spooler.handle(ControlRequest(.cancel, ids: [id])).results.first?.changed == false)
    #expect(spool.spooler.handle(ControlRequest(.retry, ids: [id])).results.first?.changed == true)
    spool.spooler.dispatcher.isPaused = false
    spool.run(seconds: 2)
    #expect(try spool.job("a.png")?.state == .done)
    #expect(try spool.names("failed") == [])
  }

  @Test func cancelEndsARunningJob() throws {
    let spool = try TestSpool()
    spool.workers.behavior = { _ in .obeys }
    try spool.drop("a.png")
    spool.run(seconds: 4)
    _ = spool.spooler.handle(ControlRequest(.cancel, ids: try ids(spool)))
    spool.run(seconds: 1)
    #expect(try spool.job("a.png")?.state == .cancelled)
    #expect(spool.workers.launches == 1)
    #expect(try spool.spooler.live().workers == 1)
  }

  @Test func aWorkerThatDoesNotListenIsEnded() throws {
    let spool = try TestSpool()
    spool.workers.behavior = { _ in .hangs }
    try spool.drop("a.png")
    spool.run(seconds: 4)
    _ = spool.spooler.handle(ControlRequest(.cancel, ids: try ids(spool)))
    spool.run(seconds: 10)
    #expect(try spool.job("a.png")?.state == .cancelled)
    #expect(try spool.spooler.live().workers == 0)
  }

  @Test func heldJobsWaitForTheirRelease() throws {
    let spool = try TestSpool()
    spool.spooler.dispatcher.isPaused = true
    try spool.drop("a.png")
    spool.run(seconds: 4)
    _ = spool.spooler.handle(ControlRequest(.hold, ids: try ids(spool)))
    _ = spool.spooler.handle(ControlRequest(.resume))
    spool.run(seconds: 4)
    #expect(try spool.job("a.png")?.state == .held)
    _ = spool.spooler.handle(ControlRequest(.release, ids: try ids(spool)))
    spool.run(seconds: 4)
    #expect(try spool.job("a.png")?.state == .done)
  }

  @Test func aPauseOutlivesTheDaemon() throws {
    let spool = try TestSpool()
    _ = spool.spooler.handle(ControlRequest(.pause))
    try spool.restart()
    try spool.drop("a.png")
    spool.run(seconds: 5)
    #expect(try spool.job("a.png")?.state == .queued)
  }

  @Test func requestsWaitInTheStoreForADaemon() throws {
    let spool = try TestSpool()
    spool.spooler.dispatcher.isPaused = true
    try spool.drop("a.png")
    spool.run(seconds: 4)
    try spool.spooler.store.keep(ControlRequest(.cancel, ids: try ids(spool)), now: 0)
    try spool.restart()
    #expect(try spool.job("a.png")?.state == .cancelled)
    #expect(try spool.spooler.store.keptRequestCount() == 0)
  }

  @Test func retryFailedBringsAllBack() throws {
    let spool = try TestSpool()
    spool.workers.behavior = { _ in
      .fails(.init(.badInput, code: FailureCode(rawValue: "x"), "bad"))
    }
    try spool.drop("a.png")
    try spool.drop("b.png")
    spool.run(seconds: 4)
    spool.workers.behavior = { _ in .answers }
    #expect(spool.spooler.handle(ControlRequest(.retryFailed)).results.count == 2)
    spool.run(seconds: 4)
    #expect(try spool.jobs().allSatisfy { $0.state == .done })
  }

  @Test func cleaningRemovesOldAnswersAndNeverAJobAtWork() throws {
    let spool = try TestSpool { $0.keepDone = 3600 }
    try spool.drop("a.png")
    spool.run(seconds: 4)
    #expect(try spool.spooler.cleaner.round().texts == [])
    spool.workers.behavior = { _ in .hangs }
    try spool.drop("b.png")
    spool.run(seconds: 4)
    spool.time.advance(3600)
    _ = try spool.spooler.cleaner.round()
    #expect(try spool.names("outbox") == [])
    #expect(try spool.job("a.png")?.isCleaned == true)
    _ = spool.spooler.handle(ControlRequest(.clean, olderThan: 0))
    #expect(try spool.job("b.png")?.state == .running)
    #expect(try spool.names("work").count == 1)
  }

  @Test func cleaningBySizeRemovesTheOldest() throws {
    let spool = try TestSpool()
    for name in ["a.png", "b.png", "c.png"] {
      try spool.drop(name)
      spool.run(seconds: 4)
    }
    var small = spool.settings
    // Space for two of the three.
    let outbox = spool.spooler.layout.outbox
    small.keepBytes = try spool.jobs().reduce(0) { try $0 + outbox.diskUse(BytePath($1.id)) } - 1
    spool.spooler.apply(small)
    _ = try spool.spooler.cleaner.round()
    #expect(try spool.jobs().map(\.isCleaned) == [true, false, false])
  }

  @Test func theFiguresCountStatesAndEndings() throws {
    let spool = try TestSpool()
    try spool.drop("a.png")
    spool.run(seconds: 4)
    let text = try #require(spool.spooler.handle(ControlRequest(.metrics)).text)
    #expect(text.contains("illava_jobs{state=\"done\"} 1\n"))
    #expect(text.contains("illava_attempts_total{ending=\"done\"} 1\n"))
    #expect(text.contains("illava_retention 0.5\n"))
  }
}
