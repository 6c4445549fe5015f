import Diagnostics
import FoundationEssentials
import Testing
import WorkerProtocol

@testable import Spool

/// Requests are carried out in small steps, and a stored one cannot make every start fail.
@Suite struct OpenRequestTests {
  @Test func aRequestForManyJobsLeavesTheLoopTimeForOthers() throws {
    let spool = try TestSpool()
    let desk = try ControlDesk()
    // A clock that advances by 5 ms whenever it is read.
    let time = TestClock()
    let clock = SpoolClock(
      wall: { 0 },
      steady: {
        time.advance(0.005)
        return time.clock.steady()
      })
    let open = OpenRequests(clock: clock)
    let ids = (0..<1000).map { _ in JobIDs().next(milliseconds: 1) }
    let many = desk.ask(ControlRequest(.cancel, ids: ids))
    let few = desk.ask(ControlRequest(.pause))
    open.work(desk, spool.spooler) {}
    #expect(many.reply == nil)
    #expect(few.reply?.results.count == 1)
    #expect(!open.isEmpty)
    for _ in 0..<1000 where !open.isEmpty { open.work(desk, spool.spooler) {} }
    #expect(many.reply?.results.count == 1000)
    #expect(many.reply?.results.first?.id == ids.first)
  }

  @Test func cleaningGoesOnWhereItStopped() throws {
    let spool = try TestSpool()
    for number in 0..<25 { try spool.drop("\(number).png") }
    spool.run(seconds: 20)
    let run = RequestRun(ControlRequest(.clean, olderThan: 0, forgets: true))
    var steps = 1
    while !run.step(spool.spooler) { steps += 1 }
    #expect(steps == 3)
    #expect(
      run.reply.results.map(\.message) == ["cleaned away the files of 25 jobs", "forgot 25 jobs"])
    #expect(try spool.jobs().isEmpty)
  }

  @Test func aKeptRequestThatIsNoneIsPassedOver() throws {
    let spool = try TestSpool()
    try spool.spooler.store.write("test") { db in
      for text in ["{\"command\":\"burn\"}", "x", "{\"command\":\"pause\",\"ids\":[]}"] {
        try db.execute(sql: "INSERT INTO requests (time, request) VALUES (0, ?)", arguments: [text])
      }
    }
    try spool.restart()
    #expect(try spool.spooler.store.keptRequestCount() == 0)
    #expect(spool.spooler.dispatcher.isPaused)
  }

  @Test func aKeptRequestOverWhichTheDaemonEndedTwiceIsGivenUp() throws {
    let spool = try TestSpool()
    try spool.spooler.store.keep(ControlRequest(.pause), now: 0)
    let sequence = try #require(try spool.spooler.store.keptRequests().first?.sequence)
    // As left by a daemon that crashed over it once, and then once more.
    try spool.spooler.store.setMark("request", "\(sequence) again")
    try spool.restart()
    #expect(!spool.spooler.dispatcher.isPaused)
    #expect(try spool.spooler.store.keptRequestCount() == 0)
    #expect(try spool.spooler.store.mark("request") == nil)
    try spool.spooler.store.keep(ControlRequest(.pause), now: 0)
    try spool.restart()
    #expect(spool.spooler.dispatcher.isPaused)
  }

  @Test(arguments: [1e300, -1e300, 0, 1e18, -1, 4e9])
  func cleaningByAnyAgeEndsNothing(_ age: Double) throws {
    let spool = try TestSpool()
    #expect(spool.spooler.handle(ControlRequest(.clean, olderThan: age)).error == nil)
  }
}
