import Answers
import Diagnostics
import Testing
import WorkerProtocol

@preconcurrency import Glibc
@testable import Spool

/// `outbox`, `failed` and `archive` on other file systems: files are copied where a rename is
/// impossible, and the copy may be interrupted anywhere.
@Suite struct OtherDiskTests {
  /// A spool in which all renames between two folders fail as between two file systems.
  private func spool(_ change: (inout Settings) -> Void = { _ in }) throws -> TestSpool {
    let spool = try TestSpool {
      $0.retryFirst = 0.01
      $0.afterDone = .archive
      change(&$0)
    }
    spool.workers.behavior = {
      $0.media[0].name.hasPrefix("bad")
        ? .fails(.init(.badInput, code: FailureCode(rawValue: "media.bad"), "no picture"))
        : .answers
    }
    return spool
  }

  /// `EXDEV` for a rename from one folder of the spool to another, which is recognized because the
  /// target does not exist.
  private static func between(_ root: String, _ operation: SystemCalls.Operation, _ path: String)
    -> Int32?
  {
    guard operation == .rename, path.hasPrefix(root) else { return nil }
    let parts = path.dropFirst(root.count + 1).split(separator: "/").map(String.init)
    func isThere(_ folder: String) -> Bool { access("\(root)/\(folder)/\(parts[1])", F_OK) == 0 }
    switch (parts.first, parts.count) {
    case ("work", 3) where parts[2] == "output": return EXDEV
    case ("work", 2) where JobIDs.isID(parts[1]) && !isThere("failed") && !isThere("archive"):
      return EXDEV
    case ("failed", 2) where JobIDs.isID(parts[1]) && !isThere("work"): return EXDEV
    default: return nil
    }
  }

  private func check(_ spool: TestSpool, _ comment: Comment? = nil) throws {
    let jobs = try spool.jobs()
    #expect(jobs.filter { $0.state == .done }.map(\.name) == ["good.png"], comment)
    #expect(jobs.filter { $0.state == .failed }.map(\.name) == ["bad.png"], comment)
    let good = try #require(try spool.job("good.png")).id
    let bad = try #require(try spool.job("bad.png")).id
    #expect(try spool.names("outbox") == [good], comment)
    #expect(try spool.names("failed") == [bad], comment)
    #expect(try spool.names("archive") == [good], comment)
    #expect(try spool.names("work") == [], comment)
    #expect(try spool.text("failed/\(bad)/input/bad.png") == "2", comment)
    #expect(try spool.text("archive/\(good)/input/good.png") == "1", comment)
  }

  @Test func everythingIsCopiedWhereItBelongs() throws {
    let spool = try spool()
    let root = spool.folder.path
    spool.fault.set { Self.between(root, $0, $1) }
    try spool.drop("good.png", "1")
    try spool.drop("bad.png", "2")
    spool.run(seconds: 6)
    try check(spool)
    // Back from failed/ into work/, and then into failed/ again.
    let bad = try #require(try spool.job("bad.png")).id
    let reply = spool.spooler.handle(ControlRequest(.retry, ids: [bad]))
    #expect(reply.results.map(\.message) == ["back in the queue"])
    #expect(try spool.names("failed") == [])
    #expect(try spool.names("work/\(bad)") == ["claim.json", "input"])
    spool.run(seconds: 4)
    try check(spool)
    try spool.restart()
    try check(spool)
  }

  @Test(arguments: [SystemCalls.Operation.write, .sync, .rename, .remove, .makeFolder, .commit])
  func cutShortAnywhereNothingIsLostAndNothingIsThereTwice(
    _ operation: SystemCalls.Operation
  ) throws {
    var place = 0
    var isReached = true
    while isReached, place < 80 {
      let spool = try spool()
      let root = spool.folder.path
      let count = Counter()
      let target = place
      // From the n-th call on every call fails, as after a crash, until the restart.
      spool.fault.set { called, path in
        if let number = Self.between(root, called, path) { return number }
        guard called == operation || count.isOver(target) else { return nil }
        if called == .status || called == .open || called == .read { return nil }
        return count.next() >= target ? EIO : nil
      }
      try spool.drop("good.png", "1")
      try spool.drop("bad.png", "2")
      spool.run(seconds: 8, every: 1)
      isReached = count.isOver(target)
      spool.fault.set { Self.between(root, $0, $1) }
      try spool.restart()
      spool.run(seconds: 8, every: 1)
      try check(spool, "\(operation) \(place): \(spool.messages)")
      place += place < 16 ? 1 : 5
    }
  }

  @Test(arguments: [EXDEV, EPERM, EMLINK])
  func anOldAnswerIsCopiedWhereItCannotBeLinked(_ number: Int32) throws {
    let spool = try spool { $0.duplicates = .link }
    try spool.drop("good.png", "1")
    spool.run(seconds: 4)
    spool.fault.set { operation, _ in operation == .link ? number : nil }
    try spool.drop("again.png", "1")
    spool.run(seconds: 4)
    let (old, new) = (try #require(try spool.job("good.png")), try spool.job("again.png"))
    #expect(new?.duplicateOf == old.id)
    let own = try spool.document("outbox", try #require(new))
    #expect(own.questions.map(\.answer) == ["fine"])
    #expect(own.job.duplicateOf == old.id)
  }

  @Test func holesStayHoles() throws {
    let folder = try TemporaryFolder()
    let (from, to) = (folder.path + "/from", folder.path + "/to")
    let source = open(from, O_RDWR | O_CREAT, 0o600)
    let target = open(to, O_RDWR | O_CREAT, 0o600)
    defer {
      close(source)
      close(target)
    }
    pwrite(source, "begin", 5, 0)
    pwrite(source, "middle", 6, 1 << 34)
    try #require(ftruncate(source, 1 << 40) == 0)
    try Transfer.copyBytes(from: source, from, to: target, to, calls: SystemCalls())
    var status = stat()
    try #require(fstat(target, &status) == 0)
    #expect(status.st_size == 1 << 40)
    #expect(status.st_blocks < 100_000)
    var piece = [UInt8](repeating: 0, count: 6)
    pread(target, &piece, 6, 1 << 34)
    #expect(piece == Array("middle".utf8))
  }
}

/// Counts calls.
private final class Counter: @unchecked Sendable {
  private var calls = 0

  func next() -> Int {
    calls += 1
    return calls - 1
  }

  func isOver(_ number: Int) -> Bool { calls > number }
}
