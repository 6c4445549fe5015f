import Diagnostics
import FoundationEssentials
import GRDB
import Testing
import WorkerProtocol

@preconcurrency import Glibc
@testable import Spool

/// A damaged row of the store blocks only itself.
@Suite struct DamagedStoreTests {
  /// Changes rows as damage would, without the schema's checks.
  private func damage(_ spool: TestSpool, _ sql: String) throws {
    try spool.spooler.store.queue.writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA ignore_check_constraints = ON")
      try db.execute(sql: "PRAGMA foreign_keys = OFF")
      try db.execute(sql: sql)
    }
  }

  /// A spool with a job that waits.
  private func waiting() throws -> (TestSpool, id: String) {
    let spool = try TestSpool()
    _ = spool.spooler.handle(ControlRequest(.pause))
    try spool.drop("first.png")
    spool.run(seconds: 4)
    return (spool, try #require(try spool.job("first.png")?.id))
  }

  static let claims = ["{", "", "[]", "null", "{\"id\":\"x\"}", "{\"id\":5}"]

  @Test(arguments: claims)
  func aClaimThatCannotBeReadIsMendedFromTheFolder(_ text: String) throws {
    let (spool, id) = try waiting()
    try damage(spool, "UPDATE jobs SET claim = '\(text)'")
    #expect(try spool.jobs().first?.isDamaged == true)
    try spool.restart()
    _ = spool.spooler.handle(ControlRequest(.resume))
    try spool.drop("second.png")
    spool.run(seconds: 6)
    #expect(try spool.job("first.png")?.state == .done)
    #expect(try spool.job("second.png")?.state == .done)
    #expect(spool.messages.contains { $0.contains(id) && $0.contains("mended") })
  }

  @Test(arguments: claims)
  func aClaimThatIsLostGivesItsJobUpAndNoOther(_ text: String) throws {
    let (spool, id) = try waiting()
    try damage(spool, "UPDATE jobs SET claim = '\(text)'")
    _ = spool.spooler.handle(ControlRequest(.resume))
    try spool.drop("second.png")
    spool.run(seconds: 6)
    let job = try #require(try spool.job("first.png"))
    #expect(job.state == .failed)
    #expect(job.error?.code == .storeDamaged)
    #expect(try spool.names("failed/\(id)/input") == ["first.png"])
    #expect(try spool.job("second.png")?.state == .done)
  }

  @Test(arguments: [
    "error = '{'", "summary = 'x'", "error = '[1]', summary = '{}'",
    "attempts = 9223372036854775807", "memory_waits = 9223372036854775807",
    "rank = 9223372036854775807", "rank = -9223372036854775808",
    "not_before = -9223372036854775808", "created = 9223372036854775807",
    "created = -9223372036854775808, updated = -9223372036854775808",
    "memory_target = -9223372036854775808", "name = x''", "name = x'00ff'",
  ])
  func numbersAndTextsOfARowMayBeAnything(_ change: String) throws {
    let (spool, _) = try waiting()
    try damage(spool, "UPDATE jobs SET \(change)")
    try spool.restart()
    _ = spool.spooler.handle(ControlRequest(.resume))
    try spool.drop("second.png")
    spool.run(seconds: 6)
    let jobs = try spool.jobs()
    #expect(jobs.count == 2)
    #expect(jobs.allSatisfy { $0.state == .done || $0.state == .failed })
    #expect(try spool.job("second.png")?.state == .done)
    _ = try Metrics(spooler: spool.spooler)
    #expect(spool.spooler.handle(ControlRequest(.clean, olderThan: 0)).error == nil)
  }

  @Test func aJobInNoStateIsReportedAndLeftOut() throws {
    let (spool, id) = try waiting()
    try damage(spool, "UPDATE jobs SET state = 'qu\u{1B}ued'")
    try spool.restart()
    _ = spool.spooler.handle(ControlRequest(.resume))
    try spool.drop("second.png")
    spool.run(seconds: 6)
    #expect(try spool.jobs().map(\.name) == ["second.png"])
    #expect(try spool.job("second.png")?.state == .done)
    #expect(try spool.spooler.store.lastChanged(in: JobState.allCases, limit: 9).count == 1)
    #expect(spool.messages.contains { $0.contains(id) && $0.contains("which does not exist") })
    #expect(!spool.messages.contains { $0.contains("\u{1B}") })
  }

  @Test func anIdThatIsNoneBlocksNothing() throws {
    let (spool, _) = try waiting()
    try damage(spool, "UPDATE jobs SET id = '../../etc'")
    _ = spool.spooler.handle(ControlRequest(.resume))
    try spool.drop("second.png")
    spool.run(seconds: 20)
    #expect(try spool.job("second.png")?.state == .done)
    #expect(try spool.jobs().first?.state == .failed)
    #expect(spool.spooler.handle(ControlRequest(.clean, olderThan: 0)).error == nil)
    #expect(try spool.job("second.png")?.isCleaned == true)
    #expect(FileManager.default.fileExists(atPath: "/etc/passwd"))
  }

  @Test func eventsAttemptsMarksAndRatiosMayBeAnything() throws {
    let spool = try TestSpool { $0.command = ["/bin/true"] }
    try spool.drop("first.png")
    spool.run(seconds: 4)
    let id = try #require(try spool.job("first.png")?.id)
    try damage(
      spool,
      """
      UPDATE events SET level = 'loud', time = 9223372036854775807;
      INSERT INTO events (sequence, job, time, level, text) VALUES (9223372036854775807, 'x', 1, '', '');
      UPDATE attempts SET ending = 'x', ended = -9223372036854775808, number = 9223372036854775807;
      UPDATE marks SET value = 'no number';
      INSERT INTO marks VALUES ('cleaning', char(10) || '../x' || char(10) || 'x');
      INSERT INTO memory_ratios VALUES ('/model', 1e308, 1, 1);
      INSERT INTO forgotten_attempts VALUES ('done', 9223372036854775807);
      """)
    try spool.restart()
    try spool.drop("second.png")
    spool.run(seconds: 6)
    #expect(try spool.job("second.png")?.state == .done)
    #expect(try spool.spooler.store.events(of: id).count > 1)
    #expect(try spool.spooler.store.attempts(of: id).count == 1)
    #expect(try spool.spooler.store.endings()[.done] == .max)
    #expect(try spool.spooler.store.memoryRatio(model: "/model") ?? 0 <= 100)
    _ = try Metrics(spooler: spool.spooler)
    #expect(
      spool.spooler.handle(ControlRequest(.clean, olderThan: 0, forgets: true)).error == nil)
    #expect(try spool.jobs().isEmpty)
  }

  @Test(arguments: [
    #"{"command":"purge","ids":[]}"#, "", "{", #"{"command":"clean","ids":5}"#, "\u{1B}[2J",
    #"{"command":"clean","forgets":"no"}"#, #"{"command":"cancel","ids":{"a":1}}"#,
  ])
  func aKeptRequestThatNobodyKnowsIsDroppedWithWords(_ text: String) throws {
    let spool = try TestSpool()
    try damage(spool, "INSERT INTO requests (time, request) VALUES (1, '\(text)')")
    try spool.spooler.store.keep(ControlRequest(.pause), now: 1)
    try spool.restart()
    #expect(spool.spooler.dispatcher.isPaused)
    #expect(try spool.spooler.store.keptRequestCount() == 0)
    #expect(spool.messages.contains { $0.contains("a request that was kept failed") })
    #expect(!spool.messages.contains { $0.contains("\u{1B}") })
  }

  @Test func aJobWhoseFilesAreGoneKeepsNoOtherWaiting() throws {
    let (spool, id) = try waiting()
    try FileManager.default.removeItem(atPath: spool.path("work/\(id)"))
    _ = spool.spooler.handle(ControlRequest(.resume))
    try spool.drop("second.png")
    spool.run(seconds: 8)
    #expect(try spool.job("first.png")?.state == .failed)
    #expect(try spool.job("second.png")?.state == .done)
  }
}
