import Diagnostics
import GRDB
import Testing
import WorkerProtocol

@testable import Spool

/// How the daemon handles memory: waiting, giving up, trying again with less, learning.
@Suite struct MemoryTests {
  private static let noRoom = Failure(
    .outOfMemory, code: .memoryNow, "needs 3 GiB at the least (weights 2 GiB), but 1 GiB",
    remedy: "try again")

  private func plan(_ predicted: Int, budget: Int? = nil) -> WorkerPlan {
    WorkerPlan(predicted: predicted, uncorrected: predicted, budget: budget, adaptations: [])
  }

  @Test func whatNeverFitsIsGivenUpAtOnce() throws {
    let spool = try TestSpool()
    spool.workers.behavior = { _ in
      .fails(Failure(.outOfMemory, code: .memoryNever, "needs 3.1 GiB at the least"))
    }
    try spool.drop("a.png")
    spool.run(seconds: 4)
    let job = try #require(try spool.job("a.png"))
    #expect(job.state == .failed)
    #expect(spool.workers.jobs.count == 1)
    #expect(try spool.text("failed/\(job.id)/error.json").contains("needs 3.1 GiB"))
  }

  @Test func whatFitsLaterWaitsWithoutBeingChargedAndLooksAgainLessAndLessOften() throws {
    let spool = try TestSpool {
      $0.retryFirst = 5
      $0.maxAttempts = 2
    }
    spool.workers.behavior = { _ in .fails(Self.noRoom) }
    try spool.drop("a.png")
    spool.run(seconds: 300, every: 2)
    // Waits are partly random, so an attempt may be in progress at this moment.
    if try spool.job("a.png")?.state == .running { spool.run(seconds: 2, every: 1) }
    let job = try #require(try spool.job("a.png"))
    #expect(job.state == .waitingMemory)
    #expect(job.attempts == 0)
    #expect(job.error?.message.contains("needs 3 GiB") == true)
    // 5, 10, 20, 40 and then 60 seconds, each shortened by up to a half.
    #expect(5...12 ~= spool.workers.jobs.count, "\(spool.workers.jobs.count) looks")
    #expect(job.memoryWaits == spool.workers.jobs.count)
    #expect(try spool.spooler.store.counts()[.waitingMemory] == 1)
    // Other jobs do not wait.
    spool.workers.behavior = { $0.media[0].name == "a.png" ? .fails(Self.noRoom) : .answers }
    try spool.drop("b.png")
    spool.run(seconds: 5)
    #expect(try spool.job("b.png")?.state == .done)
    spool.workers.behavior = { _ in .answers }
    spool.run(seconds: 65, every: 5)
    #expect(try spool.job("a.png")?.state == .done)
  }

  @Test func afterADeathOfMemoryTheNextAttemptTakesLess() throws {
    let spool = try TestSpool {
      $0.maxAttempts = 4
      $0.retryFirst = 1
      $0.memoryBudget = 5000
    }
    var deaths = 0
    spool.workers.behavior = { job in
      deaths += 1
      let planned = min(1000, job.memory.target ?? 1000)
      return deaths > 3
        ? .plansAndAnswers(self.plan(planned, budget: 2000), peak: planned)
        : .plansAndDies(self.plan(planned, budget: 2000), signal: 9)
    }
    try spool.drop("a.png")
    spool.run(seconds: 60, every: 1)
    let job = try #require(try spool.job("a.png"))
    #expect(job.state == .done)
    #expect(spool.workers.jobs.map(\.memory.target) == [nil, 800, 640, 512])
    #expect(spool.workers.jobs.allSatisfy { $0.memory.budget == 5000 })
    let attempts = try spool.spooler.store.attempts(of: job.id)
    #expect(attempts.map(\.predictedMemory) == [1000, 800, 640, 512])
    #expect(attempts.map(\.memoryBudget) == [2000, 2000, 2000, 2000])
    #expect(job.memoryTarget == 512)
  }

  @Test func theLowerTargetSurvivesARestartAndIsForgottenWhenAPersonAsksAgain() throws {
    let spool = try TestSpool {
      $0.maxAttempts = 1
      $0.retryFirst = 1
    }
    spool.workers.behavior = { _ in .plansAndDies(self.plan(1000), signal: 9) }
    var more = spool.settings
    more.maxAttempts = 2
    spool.spooler.apply(more)
    try spool.drop("a.png")
    spool.run(seconds: 3)
    #expect(try spool.job("a.png")?.memoryTarget == 800)
    try spool.restart()
    spool.run(seconds: 5)
    let job = try #require(try spool.job("a.png"))
    #expect(spool.workers.jobs.last?.memory.target == 800)
    #expect(job.state == .failed)
    try spool.spooler.store.again(job.id, now: 0)
    #expect(try spool.job("a.png")?.memoryTarget == nil)
  }

  @Test func aCrashIsNoDeathOfMemory() throws {
    let spool = try TestSpool { $0.retryFirst = 1 }
    spool.workers.behavior = { _ in .plansAndDies(self.plan(1000), signal: 11) }
    try spool.drop("a.png")
    spool.run(seconds: 20, every: 1)
    #expect(spool.workers.jobs.count == 3)
    #expect(spool.workers.jobs.allSatisfy { $0.memory.target == nil })
  }

  @Test func aWorkerThatHoldsMoreThanPredictedRaisesTheMarginOfItsModel() throws {
    let spool = try TestSpool()
    spool.workers.behavior = { _ in .plansAndAnswers(self.plan(1000), peak: 1250) }
    try spool.drop("a.png")
    spool.run(seconds: 4)
    #expect(spool.workers.jobs.last?.memory.margin == nil)
    try spool.drop("b.png")
    spool.run(seconds: 4)
    #expect(spool.workers.jobs.last?.memory.margin == 1.25)
    #expect(try spool.spooler.store.memoryRatio(model: "/model") == 1.25)
    // The same folder in another precision counts as another model.
    var other = spool.settings
    other.weights = "f32"
    spool.spooler.apply(other)
    try spool.drop("c.png")
    spool.run(seconds: 4)
    #expect(spool.workers.jobs.last?.memory.margin == nil)
    let metrics = try Metrics(spooler: spool.spooler).text
    #expect(metrics.contains(#"illava_memory_ratio{model="/model"} 1.25"#))
  }

  @Test func aRatioGoesDownSlowlyAndNeverMakesAPlanCareless() throws {
    let spool = try TestSpool()
    let store = spool.spooler.store
    try store.learnMemory(model: "m", measured: 150, predicted: 100, now: 1)
    try store.learnMemory(model: "m", measured: 100, predicted: 100, now: 2)
    #expect(abs((try store.memoryRatio(model: "m") ?? 0) - 1.45) < 1e-9)
    for _ in 0..<60 { try store.learnMemory(model: "m", measured: 50, predicted: 100, now: 3) }
    #expect(abs((try store.memoryRatio(model: "m") ?? 0) - 0.5) < 0.01)
    try store.learnMemory(model: "m", measured: 0, predicted: 0, now: 3)
    try store.learnMemory(model: "/model", measured: 50, predicted: 100, now: 3)
    try spool.drop("a.png")
    spool.run(seconds: 4)
    #expect(spool.workers.jobs.last?.memory.margin == 1)
  }

  @Test func aStoreOfTheFirstVersionIsBroughtUpToDate() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/state.sqlite"
    do {
      let queue = try DatabaseQueue(path: path)
      try StoreSchema.migrator.migrate(queue, upTo: "1 jobs, attempts, events, requests")
      try queue.write { db in
        try db.execute(
          sql: """
            INSERT INTO attempts (job, number, started) SELECT 'x', 1, 1 WHERE 0
            """)
      }
    }
    let store = try JobStore(path: path, calls: SystemCalls())
    #expect(try store.memoryRatios().isEmpty)
    #expect(try store.integrityProblems().isEmpty)
  }
}
