import Diagnostics
import Testing
import WorkerProtocol

@preconcurrency import Glibc
@testable import Spool

/// Every call that can fail fails once, in every place: nothing may be lost, and work continues when the
/// fault is gone.
@Suite struct FaultTests {
  struct Fault: CustomStringConvertible, Sendable {
    let operation: SystemCalls.Operation
    let number: Int32
    var description: String { "\(operation) \(String(cString: strerror(number)))" }
  }

  static let faults: [Fault] = [
    Fault(operation: .write, number: ENOSPC), Fault(operation: .write, number: EIO),
    Fault(operation: .sync, number: EIO), Fault(operation: .sync, number: ENOSPC),
    Fault(operation: .rename, number: EACCES), Fault(operation: .rename, number: EIO),
    Fault(operation: .remove, number: EACCES), Fault(operation: .remove, number: EIO),
    Fault(operation: .makeFolder, number: ENOSPC), Fault(operation: .open, number: EMFILE),
    Fault(operation: .open, number: EACCES), Fault(operation: .commit, number: ENOSPC),
    Fault(operation: .commit, number: EIO),
  ]

  @Test(arguments: faults)
  func nothingIsLostWhicheverCallFails(_ fault: Fault) throws {
    // First without a fault, to learn how many calls there are.
    let total = try run(fault, at: .max)
    #expect(total > 0)
    // The first calls one by one, the rest in steps, so that all kinds of calls are covered.
    var place = 0
    while place < total {
      _ = try run(fault, at: place)
      place += place < 12 ? 1 : 4
    }
  }

  /// Three jobs, one of which cannot be answered, with one fault that lasts for a few calls.
  private func run(_ fault: Fault, at place: Int) throws -> Int {
    let spool = try TestSpool { $0.retryFirst = 0.01 }
    spool.workers.behavior = { job in
      job.media[0].name.hasPrefix("bad")
        ? .fails(.init(.badInput, code: FailureCode(rawValue: "media.bad"), "no picture"))
        : .answers
    }
    spool.fault.set(fault.operation, fault.number, at: place, count: place == .max ? 0 : 2)
    try spool.drop("one.png", "1")
    try spool.drop("bad.png", "2")
    try spool.drop("two.png", "3")
    try spool.drop("two.png.txt", "what?")
    spool.run(seconds: 20, every: 1)
    let calls = spool.fault.calls
    spool.fault.clear()
    if place % 2 == 0 { try spool.restart() }
    spool.run(seconds: 15, every: 1)

    let jobs = try spool.jobs()
    let where_: Comment = "\(fault) at call \(place): \(spool.messages)"
    #expect(jobs.map(\.name).sorted() == ["bad.png", "one.png", "two.png"], where_)
    #expect(jobs.filter { $0.state == .done }.count == 2, where_)
    #expect(jobs.filter { $0.state == .failed }.count == 1, where_)
    #expect(try spool.names("outbox").count == 2, where_)
    #expect(try spool.names("failed").count == 1, where_)
    #expect(try spool.names("work") == [], where_)
    #expect(try spool.names("inbox") == [], where_)
    return calls
  }
}
