import CLinux
import Testing

@preconcurrency import Glibc
@testable import Spool

/// A log that nothing reads, and signals that come too early.
@Suite struct LogTests {
  /// - Returns: both ends; the reading one never waits.
  private func pipe(_ kind: String) throws -> (read: Int32, write: Int32) {
    var ends: [Int32] = [-1, -1]
    let result =
      kind == "pipe"
      ? Glibc.pipe(&ends) : socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends)
    try #require(result == 0)
    _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
    return (ends[0], ends[1])
  }

  private func text(_ descriptor: Int32) -> String {
    var text: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(descriptor, &piece, piece.count)
      guard count > 0 else { return String(decoding: text, as: UTF8.self) }
      text += piece.prefix(count)
    }
  }

  @Test(arguments: ["pipe", "socket"])
  func whatNobodyReadsIsLostAndCounted(_ kind: String) throws {
    let ends = try pipe(kind)
    let log = DaemonLog(environment: [:], descriptor: ends.write)
    for number in 0..<20_000 { log.write(.info, job: "x", "line \(number)") }
    #expect(log.lost > 0)
    let before = text(ends.read)
    #expect(before.contains("line 0\n"))
    let lost = log.lost
    log.write(.info, "somebody reads again")
    let after = text(ends.read)
    #expect(after.contains("\(lost) lines lost here"))
    #expect(after.hasSuffix("somebody reads again\n"))
    log.write(.info, "and again")
    #expect(!text(ends.read).contains("lost"))
    #expect(log.lost == lost)
    // The flags of the descriptor itself are unchanged, because other processes share it.
    #expect(fcntl(ends.write, F_GETFL) & O_NONBLOCK == 0)
    close(ends.read)
    signal(SIGPIPE, SIG_IGN)
    log.write(.info, "nobody is there")
    #expect(log.lost == lost + 1)
    close(ends.write)
  }

  @Test func aSignalCountsOnceHoweverOftenItComes() throws {
    // SIGURG, because nothing else in this process uses it.
    let descriptor = linux_signal_pipe([SIGURG], 1)
    try #require(descriptor >= 0)
    for _ in 0..<100_000 { pthread_kill(pthread_self(), SIGURG) }
    #expect(linux_take_signal(SIGURG) == 1)
    #expect(linux_take_signal(SIGURG) == 0)
    #expect(linux_take_signal(-1) == 0)
    #expect(linux_take_signal(10_000) == 0)
  }
}
