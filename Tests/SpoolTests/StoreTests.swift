import GRDB
import Synchronization
import Testing

@testable import Spool

/// All queries of the store use indexes, so that ten thousand jobs are as fast as ten.
@Suite struct StoreTests {
  @Test func whatIsAskedAllTheTimeNeverReadsAllJobs() throws {
    let folder = try TemporaryFolder()
    let store = try JobStore(path: folder.path + "/state.sqlite", calls: SystemCalls())
    let statements = Statements()
    try store.queue.inDatabase { db in
      db.trace { event in
        if case .statement(let statement) = event { statements.add(statement.expandedSQL) }
      }
    }
    // The daemon's loop.
    _ = try store.next(now: 1)
    _ = try store.nextTime()
    _ = try store.takeUnannounced(limit: 4)
    _ = try store.answered(content: "x")
    _ = try store.begin("x", now: 1)
    // `illava status`, `show`, `log`, `wait`.
    _ = try store.counts()
    _ = try store.oldestWaiting()
    _ = try store.warned()
    _ = try store.lastChanged(in: [.done, .failed, .cancelled], limit: 5)
    _ = try store.jobs(in: [.waitingMemory], limit: 3)
    _ = try store.jobs(in: [.done, .failed], newestFirst: true, limit: 50)
    _ = try store.jobs(in: JobState.allCases, newestFirst: true, limit: 50)
    _ = try store.job("x")
    _ = try store.ids(prefix: "0")
    _ = try store.ids(name: "a.png")
    _ = try store.attempts(of: "x")
    _ = try store.events(of: "x")
    _ = try store.latestID()
    // Cleaning.
    let last = JobStore.Ended(id: "x", state: .done, updated: 1)
    _ = try store.ended(in: [.done], before: 5, after: last, limit: 9)
    _ = try store.forget(["x"])

    let questions = statements.all.filter { $0.contains("jobs") || $0.contains("events") }
    #expect(questions.count > 20)
    for question in questions {
      try store.queue.inDatabase { db in
        for row in try Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN \(question)") {
          let detail: String = row["detail"]
          // Counting by state reads an index from end to end, and listing everything stops early.
          let isScan = detail.hasPrefix("SCAN jobs") || detail.hasPrefix("SCAN events")
          let isAllowed = detail.contains("COVERING INDEX") || question.contains("LIMIT 50")
          #expect(!isScan || isAllowed, "\(detail): \(question)")
          // Only ids are ever sorted.
          let sorts = detail.contains("TEMP B-TREE") && !question.contains("IN (SELECT id")
          #expect(!sorts, "\(detail): \(question)")
        }
      }
    }
  }

  /// Statements that were run, from whatever thread.
  private final class Statements: Sendable {
    private let list = Mutex<[String]>([])

    var all: [String] { list.withLock(\.self) }

    func add(_ text: String) { list.withLock { $0.append(text) } }
  }
}
