import FoundationEssentials
import Testing

@preconcurrency import Glibc
@testable import Spool

/// Content that was answered before is recognized without delaying other jobs.
@Suite struct DigestTests {
  private func drop(_ spool: TestSpool, _ name: String, mebibytes: Int) throws {
    let hidden = spool.path("inbox/.\(name)")
    try Data(repeating: 7, count: mebibytes << 20).write(to: URL(filePath: hidden))
    rename(hidden, spool.path("inbox/\(name)"))
  }

  /// Steps until a condition holds; the digests' thread does not follow the test clock.
  private func run(_ spool: TestSpool, until isSo: () throws -> Bool) throws {
    let end = ContinuousClock.now + .seconds(120)
    while try !isSo(), ContinuousClock.now < end {
      spool.run(seconds: 0.1, every: 0.1)
      usleep(10_000)
    }
  }

  @Test func oneLargeFileKeepsNoOtherWaiting() throws {
    let spool = try TestSpool { $0.duplicates = .link }
    try drop(spool, "large.mp4", mebibytes: 4)
    spool.run(seconds: 3)
    #expect(try spool.job("large.mp4")?.state == .queued)
    try spool.drop(".small.png")
    rename(spool.path("inbox/.small.png"), spool.path("inbox/small.png"))
    spool.run(seconds: 1, every: 0.2)
    #expect(spool.workers.jobs.first?.media.first?.name == "small.png")
    try run(spool) { try spool.job("large.mp4")?.state == .done }
    #expect(try spool.jobs().allSatisfy { $0.state == .done })
  }

  @Test func largeFilesThatAreTheSameShareTheirAnswer() throws {
    let spool = try TestSpool { $0.duplicates = .link }
    for name in ["one.mp4", "two.mp4"] {
      try drop(spool, name, mebibytes: 1)
      try run(spool) { try spool.job(name)?.state == .done }
    }
    #expect(spool.workers.jobs.count == 1)
    let first = try #require(try spool.job("one.mp4"))
    #expect(try spool.job("two.mp4")?.duplicateOf == first.id)
    #expect(spool.spooler.dispatcher.digests.reading == [])
  }

  @Test func aFileThatCannotBeReadIsLeftToTheWorker() throws {
    let spool = try TestSpool { $0.duplicates = .link }
    spool.fault.set { operation, path in
      operation == .read && path.contains("bad") ? EIO : nil
    }
    try drop(spool, "bad.mp4", mebibytes: 1)
    try spool.drop("bad.png")
    try spool.drop("good.png")
    try run(spool) { try spool.jobs().count == 3 && spool.jobs().allSatisfy { $0.state == .done } }
    #expect(spool.workers.jobs.count == 3)
    #expect(spool.messages.contains { $0.contains("not compared with earlier jobs") })
  }

  @Test func aJobThatIsCancelledIsNotReadAnyMore() throws {
    let spool = try TestSpool { $0.duplicates = .link }
    try drop(spool, "large.mp4", mebibytes: 4)
    spool.run(seconds: 3)
    let id = try #require(try spool.job("large.mp4")?.id)
    #expect(spool.spooler.dispatcher.digests.reading == [id])
    _ = spool.spooler.handle(ControlRequest(.cancel, ids: [id]))
    #expect(spool.spooler.dispatcher.digests.reading == [])
    #expect(try spool.job("large.mp4")?.state == .cancelled)
  }
}
