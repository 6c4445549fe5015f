import GRDB
import Testing
import WorkerProtocol

@testable import Spool

/// Jobs that are found by their names, their times and their words.
@Suite struct FindingTests {
  private func spool() throws -> TestSpool {
    let spool = try TestSpool()
    spool.workers.behavior = { job in
      .reports(
        WorkerSummary(
          answer: "Grüße von \(job.media.first?.name ?? "")", peakMemory: 1, seconds: [:],
          visualTokens: 2, visualTokensLeft: 1))
    }
    for (name, question) in [("door/a.png", "Who is there?"), ("yard/b.png", "Wie viele Äpfel?")] {
      try spool.drop(name)
      try spool.drop(name + ".txt", question)
      spool.run(seconds: 4)
    }
    return spool
  }

  private func names(_ spool: TestSpool, _ change: (inout JobFilter) -> Void) throws -> [String] {
    var filter = JobFilter()
    change(&filter)
    return try spool.spooler.store.find(filter).map(\.name)
  }

  @Test func namesFoldersStatesAndTimes() throws {
    let spool = try spool()
    let all = ["yard/b.png", "door/a.png"]
    #expect(try names(spool) { _ in } == all)
    #expect(try names(spool) { $0.limit = 1 } == ["yard/b.png"])
    #expect(try names(spool) { $0.name = "A.P" } == ["door/a.png"])
    #expect(try names(spool) { $0.folder = "yard" } == ["yard/b.png"])
    #expect(try names(spool) { $0.folder = "yar" } == [])
    #expect(try names(spool) { $0.states = [.done] } == all)
    #expect(try names(spool) { $0.states = [.failed] } == [])
    #expect(try names(spool) { $0.since = spool.time.now + 1 } == [])
    #expect(try names(spool) { $0.until = spool.time.now + 1 } == all)
    let last = try #require(try spool.jobs().map(\.id).max())
    #expect(try names(spool) { $0.before = last } == ["door/a.png"])
  }

  @Test(arguments: [
    ("who", ["door/a.png"]), ("apfel", ["yard/b.png"]), ("GRU yard", ["yard/b.png"]),
    ("who apfel", []), ("\"", []), ("NEAR(", []), ("a* OR b", []),
    ("  ", ["yard/b.png", "door/a.png"]),
  ])
  func words(_ text: String, _ found: [String]) throws {
    #expect(try names(spool()) { $0.text = text } == found)
  }

  @Test func aForgottenJobIsNotFound() throws {
    let spool = try spool()
    let job = try #require(try spool.job("door/a.png"))
    #expect(try spool.spooler.store.forget([job.id]) == 1)
    #expect(try names(spool) { $0.text = "who" } == [])
    let left = try spool.spooler.store.read {
      try Int.fetchOne($0, sql: "SELECT count(*) FROM job_numbers")
    }
    #expect(left == 1)
  }

  @Test func aDamagedIndexKeepsNoJobFromBeingTaken() throws {
    let spool = try TestSpool()
    try spool.spooler.store.write("test") { try $0.execute(sql: "DROP TABLE job_texts") }
    try spool.drop("a.png")
    spool.run(seconds: 4)
    #expect(try spool.jobs().map(\.state) == [.done])
  }
}
