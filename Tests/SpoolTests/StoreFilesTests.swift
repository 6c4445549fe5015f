import FoundationEssentials
import GRDB
import Testing

@preconcurrency import Glibc
@testable import Spool

/// The store's files are removed, replaced and read by others while the daemon runs.
@Suite struct StoreFilesTests {
  private func answered(_ spool: TestSpool, _ name: String) throws {
    try spool.drop(name)
    spool.run(seconds: 4)
    #expect(try spool.job(name)?.state == .done, "\(spool.messages)")
  }

  /// The store's contents as other processes see them.
  private func seen(_ spool: TestSpool) throws -> [String] {
    try JobStore(reading: SpoolLayout.store(in: spool.folder.path)).jobs(in: JobState.allCases)
      .map(\.name)
  }

  @Test(arguments: [["", "-wal", "-shm"], [""], ["-wal"], ["", "-wal"]])
  func aStoreThatWasRemovedIsPutBackAndSaysSo(_ endings: [String]) throws {
    let spool = try TestSpool()
    try answered(spool, "a.png")
    for ending in endings { unlink(spool.path("state.sqlite\(ending)")) }
    try answered(spool, "b.png")
    #expect(try seen(spool) == ["a.png", "b.png"])
    #expect(
      spool.messages.filter { $0.contains("error") && $0.contains("is written anew") }.count == 1)
    try spool.restart()
    try answered(spool, "c.png")
    #expect(try seen(spool) == ["a.png", "b.png", "c.png"])
    #expect(try spool.spooler.store.integrityProblems() == [])
  }

  @Test func aStoreThatWasReplacedIsPutBackAndTheOtherIsKept() throws {
    let spool = try TestSpool()
    try answered(spool, "a.png")
    try spool.spooler.store.queue.writeWithoutTransaction { db in
      try db.execute(sql: "VACUUM INTO ?", arguments: [spool.path("old")])
    }
    try answered(spool, "b.png")
    rename(spool.path("old"), spool.path("state.sqlite"))
    try answered(spool, "c.png")
    #expect(try seen(spool) == ["a.png", "b.png", "c.png"])
    let kept = try spool.names("").filter { $0.contains(".replaced-") }
    #expect(kept.count == 1)
    let other = try DatabaseQueue(path: spool.path(kept[0]))
    #expect(try other.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM jobs") } == 1)
    #expect(spool.messages.contains { $0.contains("was replaced") && $0.contains(kept[0]) })
  }

  @Test func whoReadsTheStoreIsLedToTheNewOne() throws {
    let spool = try TestSpool()
    try answered(spool, "a.png")
    let reader = try JobStore(reading: SpoolLayout.store(in: spool.folder.path))
    #expect(try reader.jobs(in: JobState.allCases).count == 1)
    for ending in StoreFiles.endings { unlink(spool.path("state.sqlite\(ending)")) }
    try answered(spool, "b.png")
    #expect(try reader.jobs(in: JobState.allCases).count == 2)
  }

  @Test(arguments: [0, 1, 2, 3])
  func nothingIsLostWhereItCannotBePutBackAtOnce(_ call: Int) throws {
    let spool = try TestSpool()
    try answered(spool, "a.png")
    for ending in StoreFiles.endings { unlink(spool.path("state.sqlite\(ending)")) }
    spool.fault.set(.rename, EIO, at: call, count: 3, paths: "state.sqlite")
    try spool.drop("b.png")
    spool.run(seconds: 10)
    spool.fault.clear()
    spool.run(seconds: 5)
    #expect(try seen(spool) == ["a.png", "b.png"])
    #expect(try spool.job("b.png")?.state == .done)
  }

  @Test func aCopyThatDidNotGetToItsPlaceIsTaken() throws {
    let spool = try TestSpool()
    try answered(spool, "a.png")
    try spool.spooler.store.queue.writeWithoutTransaction { db in
      try db.execute(sql: "VACUUM INTO ?", arguments: [spool.path("state.sqlite.whole")])
    }
    for ending in StoreFiles.endings { unlink(spool.path("state.sqlite\(ending)")) }
    try spool.restart()
    #expect(try spool.jobs().map(\.name) == ["a.png"])
  }

  @Test func theLogIsEmptiedAsSoonAsNobodyReadsIt() throws {
    let spool = try TestSpool()
    try answered(spool, "a.png")
    let path = SpoolLayout.store(in: spool.folder.path)
    let store = spool.spooler.store
    try withReader(of: path) {
      for number in 0..<300 {
        try store.setMark("filling", String(repeating: "x", count: 100_000 + number))
      }
      #expect(StoreFiles(path).logBytes > 16 << 20)
      let before = ContinuousClock.now
      spool.run(seconds: 40, every: 5)
      #expect(ContinuousClock.now - before < .seconds(5))
      #expect(spool.messages.filter { $0.contains("its log has grown to") }.count == 1)
    }
    spool.run(seconds: 30, every: 5)
    #expect(StoreFiles(path).logBytes == 0)
    #expect(try spool.jobs().count == 1)
  }

  /// Runs `body` while another connection reads.
  private func withReader(of path: String, _ body: () throws -> Void) throws {
    var configuration = Configuration()
    configuration.readonly = true
    let other = try DatabaseQueue(path: path, configuration: configuration)
    try other.read { db in
      _ = try Int.fetchOne(db, sql: "SELECT count(*) FROM jobs")
      try body()
    }
  }
}
