import FoundationEssentials
import Testing
import WorkerProtocol

@preconcurrency import Glibc
@testable import Spool

/// The wall clock is set by hand, by the network or after an empty battery.
@Suite struct ClockTests {
  private let year = 31_536_000.0
  private let day = 86_400.0

  @Test(arguments: [31_536_000.0, -31_536_000, 4000, -4000])
  func aRetryWaitsAsLongAsItWouldHaveWaited(_ jump: Double) throws {
    let spool = try TestSpool {
      $0.retryFirst = 20
      $0.retryMax = 20
    }
    var isFirst = true
    spool.workers.behavior = { _ in
      defer { isFirst = false }
      return isFirst ? .dies(signal: 11) : .answers
    }
    try spool.drop("a.png")
    spool.run(seconds: 4)
    #expect(try spool.job("a.png")?.state == .retrying)
    spool.time.set(by: jump)
    spool.run(seconds: 5)
    #expect(try spool.job("a.png")?.state == .retrying)
    spool.run(seconds: 20)
    #expect(try spool.job("a.png")?.state == .done)
  }

  @Test func aRetryWaitsNoLongerThoughTheClockIsSetBackWhileTheDaemonIsDown() throws {
    let spool = try TestSpool {
      $0.retryFirst = 20
      $0.retryMax = 70
    }
    spool.time.set(by: year)
    spool.workers.behavior = { _ in .dies(signal: 11) }
    try spool.drop("a.png")
    spool.run(seconds: 4)
    spool.workers.behavior = { _ in .answers }
    spool.time.set(by: -year)
    try spool.restart()
    spool.run(seconds: 72)
    #expect(try spool.job("a.png")?.state == .done)
  }

  @Test func theOrderStaysWhenTheClockIsSetBack() throws {
    let spool = try TestSpool { $0.workers = 1 }
    spool.spooler.dispatcher.isPaused = true
    try spool.drop("old.png", "1")
    spool.run(seconds: 4)
    spool.time.set(by: -year)
    try spool.drop("new.png", "2")
    spool.run(seconds: 4)
    spool.spooler.dispatcher.isPaused = false
    spool.run(seconds: 4)
    #expect(spool.workers.jobs.map { $0.media[0].name } == ["old.png", "new.png"])
  }

  @Test(arguments: [true, false])
  func aClockThatIsFarAheadCleansNothingUntilAnHourHasGoneBy(_ isRestarted: Bool) throws {
    let spool = try TestSpool {
      $0.keepDone = 30 * 86_400
      $0.keepHistory = 90 * 86_400
    }
    try spool.drop("a.png")
    spool.run(seconds: 4)
    spool.time.set(by: year)
    if isRestarted { try spool.restart() }
    spool.run(seconds: 3500, every: 4)
    #expect(try spool.names("outbox").count == 1)
    #expect(spool.spooler.notices.contains { $0.text.contains("nothing is cleaned away") })
    let reply = spool.spooler.handle(ControlRequest(.clean, olderThan: 30 * day))
    #expect(reply.results.first?.message.hasPrefix("nothing is cleaned away") == true)
    #expect(try spool.names("outbox").count == 1)
    spool.run(seconds: 800, every: 4)
    #expect(try spool.names("outbox") == [])
  }

  @Test func aClockThatIsSoonRightAgainHasDoneNoHarm() throws {
    let spool = try TestSpool { $0.keepDone = 30 * 86_400 }
    try spool.drop("a.png")
    spool.run(seconds: 4)
    spool.time.set(by: year)
    spool.run(seconds: 30)
    spool.time.set(by: -year)
    spool.run(seconds: 4000, every: 4)
    #expect(try spool.names("outbox").count == 1)
    #expect(spool.spooler.clockWatch.reason == nil)
  }

  @Test func aSecondJumpBeginsTheHourAnew() throws {
    let time = TestClock()
    let watch = ClockWatch(clock: time.clock, seen: nil)
    time.set(by: 2 * day)
    _ = watch.look()
    time.advance(3000)
    time.set(by: 2 * day)
    _ = watch.look()
    time.advance(1000)
    _ = watch.look()
    #expect(watch.isDoubtful)
    time.advance(2700)
    _ = watch.look()
    #expect(!watch.isDoubtful)
  }

  @Test func whatGoesByItselfIsNoJump() throws {
    let time = TestClock()
    let watch = ClockWatch(clock: time.clock, seen: time.wall)
    time.advance(10 * day)
    #expect(watch.look() == ClockWatch.Look())
    time.set(by: 1)
    #expect(watch.look() == ClockWatch.Look())
  }

  @Test func theCommandIsRunForWhatEndsAfterTheClockWasSetBack() throws {
    let spool = try TestSpool()
    spool.time.set(by: year)
    var settings = spool.settings
    settings.command = ["/bin/sh", "-c", "echo $ILLAVA_NAME >> \(spool.path("told"))"]
    try spool.drop("before.png")
    spool.run(seconds: 4)
    spool.spooler.apply(settings)
    spool.run(seconds: 1)
    spool.time.set(by: -year)
    try spool.drop("after.png")
    spool.run(seconds: 4)
    for _ in 0..<100 where (try? spool.text("told")) == nil { usleep(20_000) }
    #expect(try spool.text("told") == "after.png\n")
  }

  // MARK: - Standing still

  @Test func aWorkerIsNotBlamedForTimeInWhichEverythingStoodStill() throws {
    let spool = try TestSpool {
      $0.stall = 60
      $0.deadline = 100
      $0.deadlinePerMiB = 0
    }
    spool.workers.behavior = { _ in .hangs }
    try spool.drop("a.png")
    spool.run(seconds: 10)
    spool.time.advance(5000)
    spool.run(seconds: 20)
    #expect(spool.workers.jobs.count == 1)
    // A worker that hangs while the daemon watches is ended as before.
    spool.run(seconds: 60)
    #expect(spool.messages.contains { $0.contains("makes no progress") })
  }

  @Test func aFileDoesNotHoldStillWhileEverythingStandsStill() throws {
    let spool = try TestSpool { $0.stability = 30 }
    try spool.drop("a.png")
    spool.run(seconds: 5)
    spool.time.advance(1000)
    spool.run(seconds: 5)
    #expect(try spool.jobs().isEmpty)
    spool.run(seconds: 30)
    #expect(try spool.jobs().count == 1)
  }
}
