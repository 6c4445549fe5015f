import Diagnostics
import FoundationEssentials
import Testing

@preconcurrency import Glibc
@testable import Spool

/// Folders of the spool that are renamed, removed or replaced while the daemon runs.
@Suite struct PlaceTests {
  /// Puts an empty folder in the place of another.
  private func exchange(_ name: String, in spool: TestSpool) throws {
    try #require(rename(spool.path(name), spool.path(name + ".old")) == 0)
    try #require(mkdir(spool.path(name), 0o770) == 0)
  }

  @Test func filesAreTakenFromTheInboxThatIsThereNow() throws {
    let spool = try TestSpool()
    try spool.drop("a.png")
    spool.run(seconds: 4)
    try exchange("inbox", in: spool)
    try spool.drop("b.png")
    spool.run(seconds: 8)
    #expect(try spool.job("b.png")?.state == .done)
    #expect(try spool.names("inbox") == [])
    #expect(try spool.spooler.live().notices?.first?.text.contains("inbox is another") == true)
    #expect(spool.messages.contains { $0.contains("inbox is another folder now") })
  }

  @Test func aFolderOfTheInboxThatIsExchangedIsWatchedAsBefore() throws {
    let spool = try TestSpool { $0.rescan = 1e6 }
    try spool.drop("cam/a.png")
    spool.run(seconds: 4)
    try exchange("inbox/cam", in: spool)
    spool.run(seconds: 4)
    try spool.drop("cam/b.png")
    spool.run(seconds: 4)
    #expect(try spool.job("cam/b.png")?.state == .done)
  }

  @Test(arguments: [false, true])
  func answersGoIntoTheOutboxThatIsThereNow(_ isWhileItRuns: Bool) throws {
    let spool = try TestSpool()
    if isWhileItRuns {
      spool.workers.behavior = { _ in
        rename(spool.path("outbox"), spool.path("outbox.old"))
        mkdir(spool.path("outbox"), 0o770)
        return .answers
      }
    } else {
      try exchange("outbox", in: spool)
    }
    try spool.drop("a.png")
    spool.run(seconds: 8)
    let job = try #require(try spool.job("a.png"))
    #expect(job.state == .done)
    #expect(try spool.names("outbox") == [job.id])
    #expect(try spool.names("outbox.old") == [])
  }

  /// A replacement between the check and the rename.
  @Test func anAnswerThatWentIntoTheOldOutboxIsNotTakenForOne() throws {
    let spool = try TestSpool { $0.retryFirst = 0.1 }
    let outbox = spool.path("outbox")
    spool.fault.set { operation, path in
      if operation == .rename, path.hasSuffix("/output"), access(outbox + ".old", F_OK) != 0 {
        rename(outbox, outbox + ".old")
        mkdir(outbox, 0o770)
      }
      return nil
    }
    try spool.drop("a.png")
    spool.run(seconds: 10)
    let job = try #require(try spool.job("a.png"))
    #expect(job.state == .done)
    #expect(try spool.names("outbox") == [job.id])
    #expect(try spool.names("work") == [])
  }

  @Test(arguments: ["inbox", "outbox", "failed", "archive", "work"])
  func aFolderThatIsGoneIsMissedAndThenMadeAgain(_ name: String) throws {
    let spool = try TestSpool { $0.afterDone = .archive }
    try FileManager.default.removeItem(atPath: spool.path(name))
    spool.run(seconds: 4)
    #expect(access(spool.path(name), F_OK) != 0)
    #expect(spool.spooler.dispatcher.obstacle?.error.code == .spoolGone)
    spool.run(seconds: 8)
    #expect(access(spool.path(name), F_OK) == 0)
    if name == "work" {
      #expect(spool.spooler.isLost != nil)
      try spool.restart()
    }
    try spool.drop("a.png")
    try spool.drop("bad.png", "2")
    spool.workers.behavior = {
      $0.media[0].name == "bad.png"
        ? .fails(.init(.badInput, code: FailureCode(rawValue: "x"), "bad")) : .answers
    }
    spool.run(seconds: 8)
    #expect(try spool.job("a.png")?.state == .done)
    #expect(try spool.job("bad.png")?.state == .failed)
    #expect(try spool.names("archive").count == 1)
    #expect(try spool.names("failed").count == 1)
  }

  @Test(arguments: ["outbox", "inbox", "failed"])
  func aFolderThatComesBackIsTheSame(_ name: String) throws {
    let spool = try TestSpool()
    try #require(rename(spool.path(name), spool.path("away")) == 0)
    spool.run(seconds: 4)
    try #require(rename(spool.path("away"), spool.path(name)) == 0)
    try spool.drop("a.png")
    spool.run(seconds: 8)
    #expect(try spool.job("a.png")?.state == .done)
    #expect(spool.messages.contains { $0.contains("\(name) is there again") })
  }

  @Test(arguments: ["file", "link"])
  func whatIsNoFolderIsWaitedForInWords(_ kind: String) throws {
    let spool = try TestSpool()
    try #require(rename(spool.path("outbox"), spool.path("away")) == 0)
    if kind == "link" {
      try #require(symlink(spool.path("away"), spool.path("outbox")) == 0)
    } else {
      try Data().write(to: URL(filePath: spool.path("outbox")))
    }
    try spool.drop("a.png")
    spool.run(seconds: 20)
    #expect(try spool.jobs().allSatisfy { $0.state == .queued })
    #expect(spool.spooler.dispatcher.obstacle?.error.code == .spoolNoFolder)
    #expect(spool.messages.filter { $0.contains("is not a folder any more") }.count <= 3)
    unlink(spool.path("outbox"))
    spool.run(seconds: 20)
    #expect(try spool.job("a.png")?.state == .done)
    #expect(try spool.names("outbox").count == 1)
  }

  @Test func aSpoolThatIsExchangedIsOpenedAnewAndTheOldOneStaysWhole() throws {
    let spool = try TestSpool()
    try spool.drop("a.png")
    spool.run(seconds: 4)
    try #require(rename(spool.folder.path, spool.folder.path + ".old") == 0)
    defer { try? FileManager.default.removeItem(atPath: spool.folder.path + ".old") }
    spool.run(seconds: 4)
    #expect(spool.spooler.dispatcher.obstacle?.error.code == .spoolGone)
    #expect(spool.spooler.isLost == nil)
    try #require(mkdir(spool.folder.path, 0o770) == 0)
    try FileManager.default.createDirectory(
      atPath: spool.path("inbox"), withIntermediateDirectories: false)
    try spool.drop("b.png")
    spool.run(seconds: 4)
    #expect(spool.spooler.isLost != nil)
    #expect(try spool.names("inbox") == ["b.png"])
    try spool.restart()
    spool.run(seconds: 4)
    #expect(try spool.jobs().map(\.name) == ["b.png"])
    #expect(try spool.jobs().map(\.state) == [.done])
    let old = try JobStore(reading: SpoolLayout.store(in: spool.folder.path + ".old"))
    #expect(try old.jobs(in: [.done]).map(\.name) == ["a.png"])
  }

  @Test func aJobWhoseFilesAreGoneEndsAndTheOthersGoOn() throws {
    for duplicates in Settings.Duplicates.allCases {
      let spool = try TestSpool { $0.duplicates = duplicates }
      spool.spooler.dispatcher.isPaused = true
      try spool.drop("gone.png", "1")
      spool.run(seconds: 4)
      try spool.drop("b.png", "2")
      spool.run(seconds: 4)
      let id = try #require(try spool.job("gone.png")?.id)
      try FileManager.default.removeItem(atPath: spool.path("work/\(id)"))
      spool.spooler.dispatcher.isPaused = false
      spool.run(seconds: 4)
      #expect(try spool.job("gone.png")?.error?.code == .spoolInputGone)
      #expect(try spool.job("b.png")?.state == .done)
    }
  }

  // MARK: - The lock

  @Test func removingTheLockFileLetsNobodyElseIn() throws {
    let folder = try TemporaryFolder()
    let lock = try #require(try SpoolLock(root: folder.path))
    let path = SpoolLayout.lock(in: folder.path)
    for make in [false, true] {
      unlink(path)
      if make { try Data().write(to: URL(filePath: path)) }
      #expect(try SpoolLock(root: folder.path) == nil)
      #expect(lock.renew()?.contains("removed or replaced") == true)
      #expect(lock.renew() == nil)
    }
  }

  @Test func whoeverHoldsTheLockFileKeepsNoDaemonFromStarting() throws {
    let folder = try TemporaryFolder()
    let path = SpoolLayout.lock(in: folder.path)
    let file = open(path, O_RDWR | O_CREAT, 0o600)
    defer { close(file) }
    try #require(flock(file, LOCK_SH) == 0)
    let lock = try SpoolLock.wait(root: folder.path, patience: 200)
    #expect(try SpoolLock(root: folder.path) == nil)
    withExtendedLifetime(lock) {}
  }

  @Test func aLockThatIsFreeSoonIsWaitedFor() throws {
    let folder = try TemporaryFolder()
    let other = open(folder.path, O_RDONLY | O_DIRECTORY)
    try #require(flock(other, LOCK_EX) == 0)
    #expect(throws: (any Error).self) { try SpoolLock.wait(root: folder.path, patience: 100) }
    let thread = Thread_.run(after: 200_000) { close(other) }
    let lock = try SpoolLock.wait(root: folder.path, patience: 10_000)
    thread.join()
    withExtendedLifetime(lock) {}
  }

  @Test func aRequestThatIsWrittenDownWhileTheDaemonRunsIsCarriedOut() throws {
    let spool = try TestSpool()
    let store = try JobStore(keepingIn: SpoolLayout.store(in: spool.folder.path))
    try store.keep(ControlRequest(.pause), now: 1)
    spool.run(seconds: 4)
    #expect(spool.spooler.dispatcher.isPaused)
    #expect(try spool.spooler.store.keptRequestCount() == 0)
  }
}

/// An action on another thread after a delay.
private final class Thread_: @unchecked Sendable {
  private var thread = pthread_t()
  private let wait: UInt32
  private let body: @Sendable () -> Void

  private init(_ wait: UInt32, _ body: @escaping @Sendable () -> Void) {
    self.wait = wait
    self.body = body
  }

  static func run(after wait: UInt32, _ body: @escaping @Sendable () -> Void) -> Thread_ {
    let thread = Thread_(wait, body)
    pthread_create(
      &thread.thread, nil,
      { pointer in
        guard let pointer else { return nil }
        let thread = Unmanaged<Thread_>.fromOpaque(pointer).takeRetainedValue()
        usleep(thread.wait)
        thread.body()
        return nil
      }, Unmanaged.passRetained(thread).toOpaque())
    return thread
  }

  func join() { pthread_join(thread, nil) }
}
