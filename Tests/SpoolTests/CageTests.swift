import CLinux
import Synchronization
import Testing

@preconcurrency import Glibc
@testable import Spool

/// What the kernel refuses to a confined thread. `Tests/system/cage.sh` tests the cage of a whole
/// worker.
@Suite struct CageTests {
  /// The results of a thread.
  private final class Report: Sendable {
    let results = Mutex<[String: Int32]>([:])
    let ran = Mutex<[String: Int32]>([:])
  }

  /// Runs `body` on a thread, so that the restrictions end with the thread.
  private static func confined(_ body: @escaping @Sendable (Report) -> Void) throws -> Report {
    let report = Report()
    let box = Unmanaged.passRetained(Work(report, body))
    var thread = pthread_t()
    let number = pthread_create(
      &thread, nil,
      { pointer in
        guard let pointer else { return nil }
        let work = Unmanaged<Work>.fromOpaque(pointer).takeRetainedValue()
        work.body(work.report)
        return nil
      }, box.toOpaque())
    try #require(number == 0)
    pthread_join(thread, nil)
    return report
  }

  private final class Work: Sendable {
    let report: Report
    let body: @Sendable (Report) -> Void
    init(_ report: Report, _ body: @escaping @Sendable (Report) -> Void) {
      self.report = report
      self.body = body
    }
  }

  private static func tryAll(_ spool: String, _ report: Report) {
    for number in 0..<linux_breakouts() {
      let name = String(cString: linux_breakout_name(number))
      let result = linux_breakout_try(number, spool)
      report.results.withLock { $0[name] = result }
    }
  }

  @Test func nothingThatATakenOverWorkerWouldDoGoesThrough() throws {
    try #require(linux_can_filter_calls() == 1, "this kernel filters no system calls")
    let folder = try TemporaryFolder()
    let spool = folder.path
    mkdir(spool + "/outbox", 0o700)
    close(open(spool + "/state.sqlite", O_CREAT | O_WRONLY, 0o600))
    let hasLandlock = linux_landlock_version() > 0
    let report = try Self.confined { report in
      _ = linux_forbid_new_privileges()
      let rules = linux_landlock_forbid_all()
      let readable = open(spool + "/readable", O_CREAT | O_RDONLY | O_CLOEXEC, 0o600)
      let held = linux_landlock_allow_reading(rules, spool + "/readable")
      if rules >= 0 { _ = linux_landlock_enter(rules) }
      let filtered = linux_filter_calls(3, 0)
      Self.tryAll(spool, report)
      let again = open(spool + "/readable", O_RDONLY | O_CLOEXEC)
      report.ran.withLock {
        $0["filter"] = filtered
        $0["open what is allowed"] = again < 0 ? errno : 0
        $0["signal itself"] = kill(getpid(), 0)
      }
      for file in [rules, readable, held, again] where file >= 0 { close(file) }
    }
    #expect(report.ran.withLock(\.self).values.allSatisfy { $0 == 0 })
    let results = report.results.withLock(\.self)
    #expect(results.count == Int(linux_breakouts()))
    // Without Landlock, everything that the user may read can be read.
    let readable: Set<String> =
      hasLandlock ? [] : ["read /etc/passwd", "read the store", "list the outbox"]
    if !hasLandlock { print("NOT TESTED: this kernel has no Landlock") }
    for (name, number) in results where !readable.contains(name) {
      #expect([EACCES, EPERM].contains(number), "\(name): \(number)")
    }
  }

  @Test func theFilterAloneLetsNothingBeWritten() throws {
    try #require(linux_can_filter_calls() == 1, "this kernel filters no system calls")
    let folder = try TemporaryFolder()
    let spool = folder.path
    mkdir(spool + "/outbox", 0o700)
    close(open(spool + "/state.sqlite", O_CREAT | O_WRONLY, 0o600))
    let report = try Self.confined { report in
      _ = linux_forbid_new_privileges()
      _ = linux_filter_calls(3, 0)
      Self.tryAll(spool, report)
    }
    let results = report.results.withLock(\.self)
    for name in [
      "write the store", "rename the store", "open the store to all", "write another job's answer",
      "connect to the network", "connect to the daemon", "start a process", "become a shell",
      "trace its parent", "send its parent a signal", "mount a file system",
    ] { #expect(results[name] == EPERM, "\(name)") }
  }

  @Test func threadsAreStartedInTheCage() throws {
    try #require(linux_can_filter_calls() == 1, "this kernel filters no system calls")
    let report = try Self.confined { report in
      _ = linux_forbid_new_privileges()
      _ = linux_filter_calls(3, 0)
      let inner = try? Self.confined { inner in
        let end = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        inner.ran.withLock { $0["socket"] = end < 0 ? errno : 0 }
      }
      let seen = inner?.ran.withLock(\.self)["socket"]
      report.ran.withLock { $0["socket"] = seen }
    }
    #expect(report.ran.withLock(\.self)["socket"] == EPERM)
  }

  @Test func descriptorsTravelInTheirOrder() throws {
    var ends: [Int32] = [-1, -1]
    try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
    defer { for end in ends { close(end) } }
    var pipes: [Int32] = [-1, -1]
    try #require(pipe(&pipes) == 0)
    defer { for end in pipes { close(end) } }
    #expect(linux_send_files(ends[0], "ab", 2, [pipes[0], pipes[1]], 2) == 2)
    #expect(linux_send_files(ends[0], "c", 1, nil, 0) == 1)
    var bytes = [UInt8](repeating: 0, count: 8)
    var files = [Int32](repeating: -1, count: Int(linux_most_files))
    var count: Int32 = 0
    #expect(linux_receive_files(ends[1], &bytes, 8, &files, &count) == 2)
    #expect(count == 2)
    #expect(write(files[1], "x", 1) == 1)
    #expect(read(files[0], &bytes, 8) == 1)
    for file in files.prefix(2) {
      #expect(fcntl(file, F_GETFD) == FD_CLOEXEC)
      close(file)
    }
    #expect(linux_receive_files(ends[1], &bytes, 8, &files, &count) == 1)
    #expect(count == 0)
  }
}
