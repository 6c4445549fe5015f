import Diagnostics
import FoundationEssentials
import Testing
import WorkerProtocol

@preconcurrency import Glibc
@testable import JobCommands
@testable import Spool

/// The access rights in a spool.
@Suite struct RightsTests {
  private func mode(_ path: String) -> mode_t {
    var status = stat()
    return lstat(path, &status) == 0 ? status.st_mode & 0o7777 : 0
  }

  @Test func whatTheDaemonMakesIsItsAlone() throws {
    let spool = try TestSpool()
    for name in ["work", "outbox", "failed", "archive"] {
      #expect(mode(spool.path(name)) & 0o077 == 0, "\(name)")
    }
    for name in ["state.sqlite", "state.sqlite-wal", "state.sqlite-shm"] {
      #expect(mode(spool.path(name)) == 0o600, "\(name)")
    }
    let lock = try SpoolLock(root: spool.folder.path)
    #expect(lock != nil)
    #expect(mode(spool.path("daemon.lock")) & 0o077 == 0)
    #expect(try spool.spooler.layout.answerReaders() == nil)
  }

  @Test func whatOthersMayChangeIsClosedAtTheStart() throws {
    let spool = try TestSpool()
    let layout = spool.spooler.layout
    #expect(try layout.closeToOthers().isEmpty)
    for (name, mode) in [("", 0o2777), ("work", 0o2770), ("outbox", 0o2775), ("failed", 0o750)] {
      chmod(spool.path(name), mode_t(mode))
    }
    chmod(spool.path("state.sqlite"), 0o644)
    #expect(
      RightsCheck.findings(spool.folder.path).filter { $0.level == .bad }.count == 4)
    #expect(try layout.closeToOthers().count == 3)
    #expect(mode(spool.path("")) == 0o755)
    #expect(mode(spool.path("work")) == 0o700)
    #expect(mode(spool.path("outbox")) == 0o755)
    #expect(mode(spool.path("failed")) == 0o750)
    // The group of the outbox may read answers, so it may send queries.
    var status = stat()
    stat(spool.path("outbox"), &status)
    #expect(try layout.answerReaders() == status.st_gid)
    _ = try JobStore(path: spool.path("state.sqlite"), calls: SystemCalls())
    #expect(mode(spool.path("state.sqlite")) == 0o600)
    #expect(RightsCheck.findings(spool.folder.path).allSatisfy { $0.level != .bad })
  }

  @Test func theSocketIsForWhoMayReadAnswers() throws {
    let folder = try TemporaryFolder()
    let path = SpoolLayout.socket(in: folder.path)
    let desk = try ControlDesk()
    _ = try ControlServer(path: path, desk: desk, clock: SpoolClock.system)
    #expect(mode(path) == 0o600)
    _ = try ControlServer(path: path, desk: desk, clock: SpoolClock.system, readers: getgid())
    #expect(mode(path) == 0o660)
  }

  @Test func theStoreCanBeLookedIntoThroughTheDaemon() throws {
    let spool = try TestSpool()
    for number in 0..<12 { try spool.drop("\(number).png") }
    spool.run(seconds: 20)
    let desk = try ControlDesk()
    try ControlServer(
      path: SpoolLayout.socket(in: spool.folder.path), desk: desk, clock: SpoolClock.system,
      store: spool.path("state.sqlite")
    ).start()
    defer { desk.close() }
    let (near, far) = (spool.spooler.store, RemoteRecords(root: spool.folder.path))
    let all = try near.jobs(in: JobState.allCases)
    let id = try #require(all.first?.id)
    for newest in [true, false] {
      let (left, right) = (
        try near.jobs(in: [.done], newestFirst: newest, limit: 5, after: nil),
        try far.jobs(in: [.done], newestFirst: newest, limit: 5, after: nil)
      )
      #expect(left == right)
      #expect(left.count == 5)
      #expect(
        try near.jobs(in: JobState.allCases, newestFirst: newest, limit: 3, after: left[1].id).map(
          \.id)
          == Array(
            try near.jobs(in: JobState.allCases, newestFirst: newest).map(\.id).dropFirst(2).prefix(
              3)))
    }
    #expect(try far.jobs(in: JobState.allCases, newestFirst: false, limit: -1, after: nil) == all)
    #expect(try far.job(id) == near.job(id))
    #expect(try far.job("x") == nil)
    #expect(try far.ids(prefix: String(id.prefix(8)), limit: 20).contains(id))
    #expect(try far.ids(name: "0.png", limit: 1).count == 1)
    #expect(try far.overview() == near.overview())
    #expect(try far.overview().count(.done) == 12)
    #expect(try far.attempts(of: id) == near.attempts(of: id))
    #expect(
      try far.events(of: id, after: 0, limit: 100) == near.events(of: id, after: 0, limit: 100))
    #expect(try far.lastChanged(in: [.done], limit: 3).count == 3)
  }

  @Test func withoutTheDaemonItIsSaidWhoMayLook() throws {
    let spool = try TestSpool()
    let failure = #expect(throws: Failure.self) {
      try RemoteRecords(root: spool.folder.path).overview()
    }
    #expect(failure?.code == .storeAccess)
    #expect(failure?.message.contains("the user “") == true)
  }

  @Test func anAnswerThatIsGoneIsNoSuccess() throws {
    let spool = try TestSpool()
    try spool.drop("a.png")
    spool.run(seconds: 4)
    let job = try #require(try spool.job("a.png"))
    let client = SpoolClient(root: spool.folder.path)
    #expect(JobWait.status(job, hasAnswer: try client.answer(job) != nil) == 0)
    try FileManager.default.removeItem(atPath: spool.path("outbox/" + job.id))
    #expect(JobWait.status(job, hasAnswer: try client.answer(job) != nil) == 66)
  }
}
