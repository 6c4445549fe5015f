import Diagnostics
import FoundationEssentials
import GRDB
import Synchronization
import Testing
import WorkerProtocol

@preconcurrency import Glibc
@testable import Spool

/// The order in which files and names are synced to disk. The power cuts of `Tests/power-cut` test it as
/// a whole; this names the missing call.
@Suite struct DurabilityTests {
  @Test func aFileOfASubfolderIsTakenAndItsAnswerDelivered() throws {
    let spool = try TestSpool()
    try spool.drop("sub/a.png")
    let calls = CallLog(spool) { spool.run(seconds: 4) }
    calls.expect([
      // The claim, before anything moves.
      "sync work/ID/claim.json", "rename work/ID/.claim.json.new", "sync work/ID", "sync work",
      // The move, synced in both folders before the commit.
      "rename inbox/sub/a.png", "sync work/ID/input", "sync inbox/sub", "commit state.sqlite",
      // The answer before it gets its name; its name before the commit.
      "sync work/ID/output/answer.json", "sync work/ID/output", "rename work/ID/output",
      "sync outbox", "commit state.sqlite",
      // Only then the input goes.
      "remove work/ID/input/a.png", "remove work/ID", "sync work",
    ])
    calls.expectNone("remove work/ID/input", before: "rename work/ID/output")
  }

  @Test func aFolderIsTaken() throws {
    let spool = try TestSpool()
    try spool.drop("sub/trip/1.png")
    try spool.drop("sub/trip/job.json", "{}")
    let calls = CallLog(spool) { spool.run(seconds: 4) }
    calls.expect([
      "sync work/ID/claim.json", "rename work/ID/.claim.json.new", "sync work/ID", "sync work",
      "rename inbox/sub/trip", "sync work/ID", "sync inbox/sub", "commit state.sqlite",
    ])
  }

  @Test func aFileOfAnotherFileSystemIsCopied() throws {
    let spool = try TestSpool()
    try spool.drop("usb/a.png")
    let calls = CallLog(spool, acrossFrom: "inbox/usb/") { spool.run(seconds: 8) }
    #expect(try spool.jobs().map(\.state) == [.done])
    calls.expect([
      "rename inbox/usb/a.png", "sync work/ID/input/.a.png.new", "sync work/ID/input",
      "rename work/ID/input/.a.png.new", "sync work/ID/input", "remove inbox/usb/a.png",
      "sync inbox/usb", "commit state.sqlite",
    ])
  }

  @Test func aFolderOfAnotherFileSystemIsCopied() throws {
    let spool = try TestSpool()
    try spool.drop("usb/trip/in/1.png")
    try spool.drop("usb/trip/job.json", #"{"media": ["in/1.png"]}"#)
    let calls = CallLog(spool, acrossFrom: "inbox/usb/") { spool.run(seconds: 8) }
    #expect(try spool.jobs().map(\.state) == [.done])
    let copied = ["rename inbox/usb/trip", "sync work/ID/.input.new/in/1.png"]
    calls.expect(
      copied + [
        "sync work/ID/.input.new/in", "sync work/ID/.input.new", "sync work/ID",
        "rename work/ID/.input.new", "sync work/ID", "remove inbox/usb/trip", "sync inbox/usb",
        "commit state.sqlite",
      ])
    calls.expect(["sync work/ID/.input.new/job.json", "rename work/ID/.input.new"])
    calls.expectNone("remove inbox", before: "rename work/ID/.input.new")
  }

  @Test func aJobIsGivenUpAndBroughtBack() throws {
    let spool = try TestSpool()
    spool.workers.behavior = { _ in
      .fails(Failure(.badInput, code: FailureCode(rawValue: "x"), "bad"))
    }
    spool.spooler.disposal.failurePage = { _, _ in "page" }
    try spool.drop("a.png")
    let calls = CallLog(spool) { spool.run(seconds: 4) }
    calls.expect([
      "sync work/ID/report.html", "rename work/ID/.report.html.new", "sync work/ID/answer.json",
      "rename work/ID/.answer.json.new", "sync work/ID/error.json",
      "rename work/ID/.error.json.new", "sync work/ID", "rename work/ID", "sync failed",
      "commit state.sqlite",
    ])
    // The folder work as well, because a job must not be in both.
    calls.expect(["rename work/ID", "sync work", "commit state.sqlite"])
    spool.spooler.dispatcher.isPaused = true
    let id = try #require(try spool.jobs().first?.id)
    let again = CallLog(spool) { _ = spool.spooler.handle(ControlRequest(.retry, ids: [id])) }
    for folder in ["work/ID", "work", "failed"] {
      again.expect(["rename failed/ID", "sync \(folder)", "commit state.sqlite"])
    }
  }

  @Test func anInputIsArchived() throws {
    let spool = try TestSpool { $0.afterDone = .archive }
    try spool.drop("a.png")
    let calls = CallLog(spool) { spool.run(seconds: 4) }
    calls.expect([
      "rename work/ID/output", "sync outbox", "commit state.sqlite", "rename work/ID",
      "sync archive", "sync work",
    ])
  }

  @Test func anInputIsKept() throws {
    let spool = try TestSpool { $0.afterDone = .keep }
    try spool.drop("a.png")
    let calls = CallLog(spool) { spool.run(seconds: 4) }
    calls.expect([
      "link work/ID/input/a.png", "sync work/ID/output/input", "sync work/ID/output",
      "rename work/ID/output",
    ])
  }

  @Test func anAnswerIsCleanedAway() throws {
    let spool = try TestSpool()
    try spool.drop("a.png")
    spool.run(seconds: 4)
    let id = try #require(try spool.jobs().first?.id)
    let calls = CallLog(spool) { _ = spool.spooler.handle(ControlRequest(.clean, ids: [id])) }
    calls.expect(["rename outbox/ID", "sync outbox", "commit state.sqlite"])
    #expect(try spool.names("outbox") == [])
  }

  @Test func aCleaningThatWasCutShortIsNoted() throws {
    let spool = try TestSpool()
    try spool.drop("a.png")
    spool.run(seconds: 4)
    let id = try #require(try spool.jobs().first?.id)
    try #require(rename(spool.path("outbox/\(id)"), spool.path("outbox/.\(id).removed")) == 0)
    try spool.restart()
    #expect(try spool.job("a.png")?.isCleaned == true)
    #expect(try spool.names("outbox") == [])
  }

  @Test func aClaimThatWasCutShortIsOnDiskBeforeItGoesOn() throws {
    let spool = try TestSpool()
    try spool.drop("a.png")
    spool.fault.set(.commit, ENOSPC, at: 0, count: 1000)
    spool.run(seconds: 5)
    let id = try #require(try spool.names("work").first)
    // As if the daemon had died before moving the file.
    rename(spool.path("work/\(id)/input/a.png"), spool.path("inbox/a.png"))
    try #require(rmdir(spool.path("work/\(id)/input")) == 0)
    spool.fault.clear()
    let calls = CallLog(spool) { try? spool.restart() }
    calls.expect(["sync work/ID", "sync work", "rename inbox/a.png"])
    calls.expect(["sync work/ID", "rename inbox/a.png", "sync inbox", "commit state.sqlite"])
    spool.run(seconds: 2)
    #expect(try spool.jobs().map(\.state) == [.done])
  }

  @Test func aFileThatIsInBothPlacesAfterACutIsTakenOnce() throws {
    let spool = try TestSpool()
    try spool.drop("a.png")
    spool.fault.set(.commit, ENOSPC, at: 0, count: 1000)
    spool.run(seconds: 5)
    let id = try #require(try spool.names("work").first)
    // The new name had reached the disk, the removal of the old one had not.
    try #require(link(spool.path("work/\(id)/input/a.png"), spool.path("inbox/a.png")) == 0)
    spool.fault.clear()
    try spool.restart()
    spool.run(seconds: 5)
    #expect(try spool.jobs().map(\.id) == [id])
    #expect(try spool.names("inbox") == [])
  }

  @Test(arguments: [ENOENT, ELOOP, ENOTDIR])
  func aJobIsTakenThoughTheFolderItCameFromIsGone(_ number: Int32) throws {
    let spool = try TestSpool()
    try spool.drop("sub/a.png")
    let isMoved = Mutex(false)
    spool.fault.set { operation, path in
      if operation == .rename, path.hasSuffix("inbox/sub/a.png") { isMoved.withLock { $0 = true } }
      let isGone = operation == .open && path.hasSuffix("inbox/sub") && isMoved.withLock(\.self)
      return isGone ? number : nil
    }
    spool.run(seconds: 4)
    #expect(try spool.jobs().map(\.state) == [.done])
  }

  @Test func aCommitIsOnDiskWhenItReturns() throws {
    let spool = try TestSpool()
    let (journal, level) = try spool.spooler.store.read { db in
      (
        try String.fetchOne(db, sql: "PRAGMA journal_mode"),
        try Int.fetchOne(db, sql: "PRAGMA synchronous")
      )
    }
    #expect(journal == "wal")
    // 2 is FULL: the log is synced with every commit.
    #expect(level == 2)
  }
}

/// The calls that a spool makes, with `ID` for the job's id.
private struct CallLog {
  private let calls: [String]

  /// Records the calls of `body`.
  ///
  /// - Parameter place: renames from below this path fail as between two file systems.
  init(_ spool: TestSpool, acrossFrom place: String? = nil, _ body: () -> Void) {
    let seen = Seen()
    let root = spool.folder.path + "/"
    spool.fault.set { operation, path in
      let inside = path.hasPrefix(root) ? String(path.dropFirst(root.count)) : path
      let parts = inside.split(separator: "/").map { part in
        JobIDs.isID(String(part)) ? "ID" : String(part)
      }
      let shown = parts.joined(separator: "/")
      switch operation {
      case .sync, .rename, .remove, .link, .commit: seen.add("\(operation) \(shown)")
      case .open, .read, .write, .makeFolder, .status: break
      }
      let isAcross = operation == .rename && place.map(shown.hasPrefix) == true
      return isAcross ? EXDEV : nil
    }
    body()
    spool.fault.clear()
    calls = seen.all
  }

  /// Expects these calls in this order; others may be in between.
  func expect(_ wanted: [String], sourceLocation: SourceLocation = #_sourceLocation) {
    var rest = calls[...]
    for (index, call) in wanted.enumerated() {
      guard let place = rest.firstIndex(of: call) else {
        let before = index > 0 ? "behind “\(wanted[index - 1])”" : "at all"
        Issue.record("no “\(call)” \(before) in \(calls)", sourceLocation: sourceLocation)
        return
      }
      // It must come before the step that depends on it, not just anywhere.
      rest = rest[(place + 1)...]
    }
  }

  /// Expects no call with this beginning before another call.
  func expectNone(
    _ start: String, before other: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let early = calls.prefix { $0 != other }.filter { $0.hasPrefix(start) }
    #expect(early == [], sourceLocation: sourceLocation)
  }

  private final class Seen: Sendable {
    private let calls = Mutex<[String]>([])
    var all: [String] { calls.withLock(\.self) }
    func add(_ call: String) { calls.withLock { $0.append(call) } }
  }
}
