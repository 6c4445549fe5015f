import Diagnostics
import FoundationEssentials
import Testing

@preconcurrency import Glibc
@testable import Spool

/// Changes to a job's folder after it was claimed are never looked at.
@Suite struct JobInputTests {
  /// A spool with a claimed folder job that waits.
  private static func taken() throws -> (spool: TestSpool, input: String) {
    let spool = try TestSpool { $0.maxAttempts = 100 }
    try Data("secret".utf8).write(to: URL(filePath: spool.path("secret.png")))
    spool.spooler.dispatcher.isPaused = true
    try spool.drop("trip/deep/1.png", "first")
    try spool.drop("trip/2.png", "second")
    try spool.drop("trip/job.json", #"{"media": ["deep/1.png", "2.png"]}"#)
    spool.run(seconds: 5)
    let job = try #require(try spool.job("trip"))
    #expect(job.state == .queued)
    return (spool, spool.path("work/\(job.id)/input"))
  }

  private static func goOn(_ spool: TestSpool) {
    spool.spooler.dispatcher.isPaused = false
    spool.run(seconds: 10)
  }

  @Test func aWorkerIsHandedTheFilesThemselves() throws {
    let (spool, _) = try Self.taken()
    Self.goOn(spool)
    #expect(try spool.job("trip")?.state == .done)
    #expect(spool.workers.contents == [["first", "second"]])
    #expect(spool.workers.jobs[0].media.map(\.file) == ["1.png", "2.png"])
  }

  @Test(arguments: [
    "link", "far link", "hard link", "pipe", "socket", "folder", "other file", "folder link",
    "input link", "device",
  ])
  func whatWasReplacedIsRefusedAndTheNextIsAnswered(_ by: String) throws {
    let (spool, input) = try Self.taken()
    let file = input + "/deep/1.png"
    switch by {
    case "link":
      unlink(file)
      symlink(spool.path("secret.png"), file)
    case "far link":
      unlink(file)
      symlink("/etc/passwd", file)
    case "hard link":
      unlink(file)
      #expect(Glibc.link(spool.path("secret.png"), file) == 0)
    case "pipe":
      unlink(file)
      mkfifo(file, 0o600)
    case "socket":
      unlink(file)
      #expect(Self.makeSocket(file, by: spool.path("s")))
    case "device":
      unlink(file)
      // Only root may create a device.
      guard mknod(file, S_IFCHR | 0o666, 0x0103) == 0 else { return }
    case "folder":
      unlink(file)
      mkdir(file, 0o700)
    case "other file":
      unlink(file)
      try Data("other, longer".utf8).write(to: URL(filePath: file))
    case "folder link":
      rename(input + "/deep", spool.path("deep"))
      symlink(spool.path("deep"), input + "/deep")
    default:
      rename(input, spool.path("moved"))
      symlink(spool.path("moved"), input)
    }
    try spool.drop("next.png")
    Self.goOn(spool)
    let job = try #require(try spool.job("trip"))
    #expect(job.state == .failed)
    #expect(job.error?.code == .spoolReplaced)
    #expect(try spool.job("next.png")?.state == .done)
    #expect(spool.workers.contents == [["content"]])
  }

  /// Created under a path that is short enough for an address, then moved.
  private static func makeSocket(_ path: String, by short: String) -> Bool {
    let end = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(end) }
    return UnixAddress.with(Array(short.utf8)) { bind(end, $0, $1) } == 0
      && rename(short, path) == 0
  }

  @Test func whatIsGoneFailsWithItsReason() throws {
    let (spool, input) = try Self.taken()
    unlink(input + "/2.png")
    Self.goOn(spool)
    #expect(try spool.job("trip")?.error?.code == .spoolMissing)
    #expect(spool.workers.jobs.isEmpty)
  }

  @Test func aCopyByTheDaemonItselfIsTheSame() throws {
    let (spool, input) = try Self.taken()
    // As after a move between file systems: same bytes, another inode.
    rename(input + "/2.png", spool.path("kept"))
    try Data("second".utf8).write(to: URL(filePath: input + "/2.png"))
    Self.goOn(spool)
    #expect(try spool.job("trip")?.state == .done)
  }

  @Test func aFileThatCannotBeOpenedNowIsTriedAgain() throws {
    let (spool, _) = try Self.taken()
    spool.fault.set { operation, path in
      operation == .open && path.hasSuffix("2.png") ? EMFILE : nil
    }
    Self.goOn(spool)
    #expect(try spool.job("trip")?.state == .retrying)
    spool.fault.clear()
    spool.run(seconds: 700, every: 10)
    #expect(try spool.job("trip")?.state == .done)
  }

  @Test func moreFilesThanGoInOneMessageArriveInTheirOrder() throws {
    let spool = try TestSpool()
    let names = (100..<250).map { "\($0)" }
    for name in names { try spool.drop("many/\(name).png", name) }
    try spool.drop("many/job.json", "{}")
    spool.run(seconds: 10)
    #expect(try spool.job("many")?.state == .done)
    #expect(spool.workers.contents == [names])
  }

  @Test func tooManyFilesAreSaidToBeTooMany() throws {
    let spool = try TestSpool()
    for number in 0...JobInputs.most { try spool.drop("many/\(number).png", "x") }
    try spool.drop("many/job.json", "{}")
    spool.run(seconds: 10)
    #expect(try spool.job("many")?.error?.code == .jobMedia)
    #expect(spool.workers.jobs.isEmpty)
  }
}
