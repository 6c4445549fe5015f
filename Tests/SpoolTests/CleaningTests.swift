import FoundationEssentials
import Testing

@preconcurrency import Glibc
@testable import Spool

/// An interrupted cleaning leaves no job that counts as answered without having an answer.
@Suite struct CleaningTests {
  private func answered(_ count: Int) throws -> TestSpool {
    let spool = try TestSpool()
    for number in 0..<count { try spool.drop("\(number).png") }
    spool.run(seconds: 6)
    #expect(try spool.names("outbox").count == count)
    return spool
  }

  /// Jobs that are answered according to their row but have no answer.
  private func lies(_ spool: TestSpool) throws -> [String] {
    let answers = Set(try spool.names("outbox"))
    return try spool.jobs().filter { !$0.isCleaned && !answers.contains($0.id) }.map(\.id)
  }

  @Test(arguments: [SystemCalls.Operation.rename, .remove, .commit])
  func whereverItIsCutShortTheStoreSaysWhatIsThere(_ operation: SystemCalls.Operation) throws {
    for place in 0..<12 {
      let spool = try answered(4)
      // From a certain call on everything fails, until the daemon is started again.
      spool.fault.set(operation, EIO, at: place, count: 1000)
      _ = spool.spooler.handle(ControlRequest(.clean, olderThan: 0))
      spool.fault.clear()
      #expect(try lies(spool) == [], "\(operation) \(place)")
      try spool.restart()
      spool.run(seconds: 1)
      #expect(try lies(spool) == [], "\(operation) \(place)")
      let left = try spool.names("outbox")
      #expect(left.count == (try spool.jobs().filter { !$0.isCleaned }.count), "\(left)")
      #expect(!left.contains { $0.hasPrefix(".") })
      #expect(try spool.spooler.store.unfinishedCleaning() == [])
    }
  }

  @Test func aDiskThatIsFullRemovesNothing() throws {
    let spool = try answered(3)
    spool.fault.set(.commit, ENOSPC, at: 0, count: 1000)
    #expect(spool.spooler.handle(ControlRequest(.clean, olderThan: 0)).error != nil)
    #expect(try spool.names("outbox").count == 3)
    #expect(try spool.jobs().allSatisfy { !$0.isCleaned })
  }

  @Test func whatAnOlderVersionRemovedInPartCountsAsCleaned() throws {
    let spool = try answered(2)
    let id = try #require(try spool.jobs().first?.id)
    rename(spool.path("outbox/\(id)"), spool.path("outbox/.\(id).removed"))
    try spool.restart()
    spool.run(seconds: 1)
    #expect(try spool.jobs().map(\.isCleaned) == [true, false])
    #expect(try spool.names("outbox").count == 1)
  }

  @Test func aFolderThatCannotBeRemovedKeepsNoOther() throws {
    let spool = try answered(3)
    let id = try spool.jobs()[1].id
    spool.fault.set { operation, path in
      operation == .remove && path.contains(id) ? EPERM : nil
    }
    let reply = spool.spooler.handle(ControlRequest(.clean, olderThan: 0))
    #expect(reply.results.map(\.message) == ["cleaned away the files of 2 jobs"])
    #expect(spool.messages.filter { $0.contains("cannot be cleaned away") }.count == 1)
    spool.fault.clear()
    spool.spooler.handleCleaning()
    #expect(try spool.names("outbox") == [])
    #expect(try spool.spooler.store.unfinishedCleaning() == [])
  }
}

extension Spooler {
  fileprivate func handleCleaning() { _ = handle(ControlRequest(.clean)) }
}
