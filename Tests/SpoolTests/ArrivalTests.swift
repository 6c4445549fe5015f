import Diagnostics
import Testing
import WorkerProtocol

@testable import Spool

/// Commands about a job that was handed in a moment ago, which the daemon has yet to take.
@Suite struct ArrivalTests {
  /// Records that know a job only after they were asked so many times.
  private final class LateRecords: JobRecords {
    var refusals: Int

    init(refusals: Int) { self.refusals = refusals }

    func ids(prefix: String, limit: Int) -> [String] {
      refusals -= 1
      return refusals < 0 ? [prefix] : []
    }
    func ids(name: BytePath, limit: Int) -> [String] { [] }
    func job(_ id: String) -> Job? { nil }
    func jobs(in states: [JobState], newestFirst: Bool, limit: Int, after last: String?) -> [Job] {
      []
    }
    func find(_ filter: JobFilter) -> [Job] { [] }
    func lastChanged(in states: [JobState], limit: Int) -> [Job] { [] }
    func overview() -> StoreOverview { StoreOverview(counts: [:], requestsWaiting: 0) }
    func attempts(of id: String) -> [Attempt] { [] }
    func events(of id: String?, after: Int, limit: Int) -> [JobEvent] { [] }
  }

  private let client = SpoolClient(root: "/nowhere")

  @Test("a job with a new id is waited for until the daemon has taken it")
  func newID() throws {
    let id = JobIDs().next(milliseconds: SpoolClock.system.wall())
    #expect(try client.id(id, in: LateRecords(refusals: 3)) == id)
  }

  @Test("an older id is unknown at once, and so is what is no id")
  func others() throws {
    let old = JobIDs().next(milliseconds: SpoolClock.system.wall() - 61_000)
    for text in [old, "door.png", "01a2", ""] {
      let records = LateRecords(refusals: 3)
      let failure = #expect(throws: Failure.self) { try client.id(text, in: records) }
      #expect(failure?.code == .jobUnknown)
      #expect(records.refusals >= 2)
    }
  }
}
