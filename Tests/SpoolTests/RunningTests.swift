import Diagnostics
import Testing
import WorkerProtocol

@testable import Spool

/// The outcome of jobs for every way in which attempts can end.
@Suite struct RunningTests {
  @Test func aPoisonJobIsGivenUpAfterItsAttemptsAndNobodyWaitsForIt() throws {
    let spool = try TestSpool {
      $0.maxAttempts = 3
      $0.retryFirst = 5
    }
    spool.workers.behavior = { $0.media[0].name == "poison.png" ? .dies(signal: 11) : .answers }
    try spool.drop("poison.png")
    try spool.drop("other.png")
    spool.run(seconds: 4)
    #expect(try spool.job("other.png")?.state == .done)
    #expect(try spool.job("poison.png")?.state == .retrying)
    spool.run(seconds: 60)
    let job = try #require(try spool.job("poison.png"))
    #expect(job.state == .failed)
    #expect(job.attempts == 3)
    let attempts = try spool.spooler.store.attempts(of: job.id)
    #expect(attempts.map(\.ending) == [.signal, .signal, .signal])
    #expect(attempts.map(\.signal) == [11, 11, 11])
    #expect(try spool.names("failed/\(job.id)/input") == ["poison.png"])
    #expect(
      try spool.text("failed/\(job.id)/error.json").contains(FailureCode.spoolWorkerEnded.rawValue))
  }

  @Test func aBadFileIsGivenUpAtOnce() throws {
    let spool = try TestSpool()
    spool.workers.behavior = { _ in
      .fails(Failure(.badInput, code: FailureCode(rawValue: "media.bad"), "damaged"))
    }
    try spool.drop("bad.png")
    spool.run(seconds: 4)
    let job = try #require(try spool.job("bad.png"))
    #expect(job.state == .failed)
    #expect(job.attempts == 1)
    #expect(job.error?.code == FailureCode(rawValue: "media.bad"))
  }

  @Test func aModelThatCannotBeUsedBlamesNoJob() throws {
    let spool = try TestSpool()
    var isBroken = true
    spool.workers.behavior = { _ in
      isBroken
        ? .fails(Failure(.modelUnusable, code: FailureCode(rawValue: "checkpoint.bad"), "no model"))
        : .answers
    }
    try spool.drop("a.png")
    try spool.drop("b.png")
    spool.run(seconds: 200, every: 5)
    #expect(try spool.jobs().allSatisfy { $0.state == .queued && $0.attempts == 0 })
    #expect(try spool.spooler.live().obstacle?.code == FailureCode(rawValue: "checkpoint.bad"))
    isBroken = false
    spool.run(seconds: 60, every: 5)
    #expect(try spool.jobs().allSatisfy { $0.state == .done })
  }

  @Test func aJobThatDoesNotFitWaitsForMemory() throws {
    let spool = try TestSpool()
    var fits = false
    spool.workers.behavior = { _ in
      fits
        ? .answers
        : .fails(Failure(.outOfMemory, code: FailureCode(rawValue: "memory"), "too large"))
    }
    try spool.drop("a.png")
    spool.run(seconds: 4)
    #expect(try spool.job("a.png")?.state == .waitingMemory)
    #expect(try spool.job("a.png")?.attempts == 0)
    fits = true
    spool.run(seconds: 60, every: 5)
    #expect(try spool.job("a.png")?.state == .done)
  }

  @Test func aJobThatTakesTooLongIsEnded() throws {
    let spool = try TestSpool {
      $0.deadline = 30
      $0.maxAttempts = 1
      $0.stall = 1000
    }
    spool.workers.behavior = { _ in .hangs }
    try spool.drop("a.png")
    spool.run(seconds: 25)
    #expect(try spool.job("a.png")?.state == .running)
    spool.run(seconds: 15)
    let job = try #require(try spool.job("a.png"))
    #expect(job.state == .failed)
    #expect(try spool.spooler.store.attempts(of: job.id).first?.ending == .deadline)
  }

  @Test func aWorkerWithoutProgressIsEnded() throws {
    let spool = try TestSpool {
      $0.stall = 20
      $0.maxAttempts = 1
    }
    spool.workers.behavior = { _ in .hangs }
    try spool.drop("a.png")
    spool.run(seconds: 30)
    let job = try #require(try spool.job("a.png"))
    #expect(try spool.spooler.store.attempts(of: job.id).first?.ending == .stalled)
  }

  @Test func aWorkerThatWritesNoAnswerDidNotAnswer() throws {
    let spool = try TestSpool { $0.maxAttempts = 1 }
    spool.workers.behavior = { _ in .lies }
    try spool.drop("a.png")
    spool.run(seconds: 5)
    #expect(try spool.job("a.png")?.error?.code == .spoolNoAnswer)
    #expect(try spool.names("outbox") == [])
  }

  @Test func aStopGivesTheAttemptBack() throws {
    let spool = try TestSpool()
    spool.workers.behavior = { _ in .obeys }
    try spool.drop("a.png")
    spool.run(seconds: 4)
    #expect(try spool.job("a.png")?.attempts == 1)
    spool.spooler.dispatcher.isDraining = true
    spool.spooler.dispatcher.stopAll(now: spool.time.now, patience: 2000)
    spool.run(seconds: 1)
    let job = try #require(try spool.job("a.png"))
    #expect(job.state == .queued)
    #expect(job.attempts == 0)
    #expect(try spool.spooler.store.attempts(of: job.id).first?.ending == .stopped)
    #expect(!spool.spooler.dispatcher.isBusy)
  }

  @Test func aCrashOfTheDaemonCostsAnAttemptAndNoJob() throws {
    let spool = try TestSpool()
    spool.workers.behavior = { _ in .hangs }
    try spool.drop("a.png")
    spool.run(seconds: 4)
    spool.workers.behavior = { _ in .answers }
    try spool.restart()
    spool.run(seconds: 2)
    let job = try #require(try spool.job("a.png"))
    #expect(job.state == .done)
    #expect(job.attempts == 2)
    #expect(
      try spool.spooler.store.attempts(of: job.id).map(\.ending) == [.interrupted, .done])
  }

  @Test func higherPrioritiesGoFirstButNobodyStarves() throws {
    let spool = try TestSpool { $0.ageing = 60 }
    spool.spooler.dispatcher.isPaused = true
    try spool.drop("old.png")
    spool.run(seconds: 4)
    try spool.drop("urgent.png")
    try spool.drop("urgent.png.json", #"{"priority": 5}"#)
    spool.run(seconds: 4)
    spool.run(seconds: 600, every: 30)
    try spool.drop("later.png")
    try spool.drop("later.png.json", #"{"priority": 5}"#)
    spool.run(seconds: 4)
    spool.spooler.dispatcher.isPaused = false
    spool.run(seconds: 2)
    // Ten minutes of waiting count for more than five steps of a minute each.
    #expect(spool.workers.jobs.map { $0.media[0].name } == ["urgent.png", "old.png", "later.png"])
  }

  @Test func workersKeepTheModelAndGoWhenThereIsNothingToDo() throws {
    let spool = try TestSpool { $0.idleUnload = 60 }
    try spool.drop("a.png")
    spool.run(seconds: 4)
    try spool.drop("b.png")
    spool.run(seconds: 4)
    #expect(spool.workers.launches == 1)
    spool.run(seconds: 70, every: 5)
    #expect(try spool.spooler.live().workers == 0)
    try spool.drop("c.png")
    spool.run(seconds: 4)
    #expect(spool.workers.launches == 2)
  }

  @Test func severalWorkersWorkAtATime() throws {
    let spool = try TestSpool { $0.workers = 2 }
    spool.workers.behavior = { _ in .hangs }
    for name in ["a.png", "b.png", "c.png"] { try spool.drop(name) }
    spool.run(seconds: 4)
    #expect(try spool.jobs().filter { $0.state == .running }.count == 2)
    #expect(try spool.spooler.store.counts()[.queued] == 1)
  }

  @Test func belowTheFloorTheQueueWaitsAndSaysSo() throws {
    let spool = try TestSpool()
    spool.spooler.dispatcher.isPaused = true
    try spool.drop("a.png")
    spool.run(seconds: 4)
    var full = spool.settings
    full.diskFloor = .max
    spool.spooler.apply(full)
    spool.spooler.dispatcher.isPaused = false
    spool.run(seconds: 10)
    #expect(try spool.job("a.png")?.state == .queued)
    #expect(try spool.spooler.live().obstacle?.code == .spoolDiskFloor)
    spool.spooler.apply(spool.settings)
    spool.run(seconds: 10)
    #expect(try spool.job("a.png")?.state == .done)
  }

  @Test func belowTheFloorNothingIsTakenAndTheQueueSaysWhy() throws {
    let spool = try TestSpool { $0.diskFloor = 1 << 60 }
    try spool.drop("a.png")
    spool.run(seconds: 4)
    #expect(try spool.names("inbox") == ["a.png"])
    #expect(
      spool.spooler.handle(ControlRequest(.status)).live?.obstacle?.code == .spoolDiskFloor)
    #expect(spool.messages.count { $0.contains("free on the disk") } == 1)
    var settings = spool.settings
    settings.diskFloor = 0
    spool.spooler.apply(settings)
    spool.run(seconds: 10)
    #expect(try spool.job("a.png")?.state == .done)
  }

  @Test func waitsDoubleUpToTheLongest() {
    let backoff = Backoff(first: 5, most: 600)
    #expect(
      (1...9).map { backoff.milliseconds(after: $0, random: 1) }
        == [5, 10, 20, 40, 80, 160, 320, 600, 600].map { $0 * 1000 })
    #expect(backoff.milliseconds(after: 1, random: 0) == 2500)
    #expect(backoff.milliseconds(after: .max, random: 1) == 600_000)
  }
}
