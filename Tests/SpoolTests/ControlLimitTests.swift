import Diagnostics
import Synchronization
import Testing
import WorkerProtocol

@preconcurrency import Glibc
@testable import Spool

/// Clients that send too much, too little or nothing do not block the others.
@Suite struct ControlLimitTests {
  private let folder: TemporaryFolder
  private let desk: ControlDesk
  private let time = Shift()

  /// A clock that can be put forward.
  private final class Shift: Sendable {
    private let shift = Atomic(0)
    func advance(_ milliseconds: Int) { shift.add(milliseconds, ordering: .relaxed) }
    var clock: SpoolClock {
      SpoolClock(
        wall: { SpoolClock.system.wall() },
        steady: { SpoolClock.system.steady() + self.shift.load(ordering: .relaxed) })
    }
  }

  init() throws {
    folder = try TemporaryFolder()
    desk = try ControlDesk()
    try ControlServer(
      path: SpoolLayout.socket(in: folder.path), desk: desk, clock: time.clock, patience: 0
    ).start()
    desk.publish(
      LiveStatus(
        process: 7, started: 1, model: "/model", isPaused: false, isDraining: false, obstacle: nil,
        running: [], workers: 0, watched: [], incomplete: [], refused: [], memory: 1, freeBytes: 2),
      now: time.clock.steady())
  }

  private func connected() throws -> Int32 {
    let client = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var patience = timeval(tv_sec: 20, tv_usec: 0)
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
      setsockopt(client, SOL_SOCKET, option, &patience, socklen_t(MemoryLayout<timeval>.size))
    }
    let path = Array(SpoolLayout.socket(in: folder.path).utf8)
    try #require(UnixAddress.with(path) { connect(client, $0, $1) } == 0)
    return client
  }

  private func say(_ bytes: [UInt8], _ client: Int32) {
    _ = send(client, bytes, bytes.count, Int32(MSG_NOSIGNAL))
  }

  /// The data received until the other end closes, or the time is up.
  private func heard(_ client: Int32) -> String {
    var all: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 4096)
    while case let count = read(client, &piece, piece.count), count > 0 { all += piece[..<count] }
    return String(decoding: all, as: UTF8.self)
  }

  private func isAnswered() throws -> Bool {
    try ControlClient(root: folder.path).ask(ControlRequest(.status))?.live?.process == 7
  }

  @Test func clientsThatSayNothingGiveWay() throws {
    defer { desk.close() }
    let idle = try (0..<100).map { _ in try connected() }
    defer { idle.forEach { close($0) } }
    #expect(try isAnswered())
  }

  @Test func clientsThatWaitGiveWayToo() throws {
    defer { desk.close() }
    // Nothing serves the desk, so these wait forever.
    let waiting = try (0..<80).map { _ in try connected() }
    defer { waiting.forEach { close($0) } }
    for client in waiting { say(try JSONLine.encode(ControlRequest(.pause)), client) }
    #expect(try isAnswered())
  }

  @Test(arguments: ["", "{\"command\":\"sta"])
  func whoSendsNoWholeLineInTimeIsLetGo(_ start: String) throws {
    defer { desk.close() }
    let client = try connected()
    defer { close(client) }
    say(Array(start.utf8), client)
    usleep(100_000)
    time.advance(6000)
    #expect(heard(client) == "")
    #expect(errno != EAGAIN)
  }

  @Test func lineFeedsWithoutEndAreRefusedOnce() throws {
    defer { desk.close() }
    let client = try connected()
    defer { close(client) }
    let begun = SpoolClock.system.steady()
    say([UInt8](repeating: 0x0A, count: 1 << 20), client)
    let text = heard(client)
    #expect(text.split(separator: "\n").count == 1)
    #expect(text.contains(FailureCode.controlRequest.rawValue))
    #expect(try isAnswered())
    #expect(SpoolClock.system.steady() - begun < 10_000)
  }

  @Test(arguments: [
    String(repeating: "[", count: 40_000),
    "{\"command\":\"cancel\",\"ids\":[" + String(repeating: "\"x\",", count: 1001) + "\"x\"]}",
    "{\"command\":\"burn\"}", "{\"command\":\"clean\",\"ids\":[],\"olderThan\":\"x\"}",
    "{\"command\":\"query\",\"ids\":[]}", "{\"command\":\"query\",\"query\":{\"subject\":\"all\"}}",
    "[]", "null", "{\"command\":\"cancel\",\"ids\":[1]}",
  ])
  func whatIsNoRequestIsRefusedWithItsReason(_ line: String) throws {
    defer { desk.close() }
    let client = try connected()
    defer { close(client) }
    say(Array(line.utf8) + [0x0A], client)
    let text = heard(client)
    #expect(text.contains(FailureCode.controlRequest.rawValue), "\(text)")
  }

  @Test func aLineThatIsTooLongEndsTheClient() throws {
    defer { desk.close() }
    let client = try connected()
    defer { close(client) }
    say([UInt8](repeating: 0x78, count: 1 << 20), client)
    #expect(heard(client) == "")
    #expect(try isAnswered())
  }

  @Test func severalLinesAtOnceAreAnsweredInTheirOrder() throws {
    defer { desk.close() }
    let client = try connected()
    defer { close(client) }
    let line = try JSONLine.encode(ControlRequest(.status))
    say(Array(repeatElement(line, count: 50).joined()) + Array("x\n".utf8), client)
    let replies = heard(client).split(separator: "\n")
    #expect(replies.count == 51)
    #expect(replies.dropLast().allSatisfy { $0.contains("\"process\":7") })
  }

  @Test func linesAreFoundInATimeThatGrowsWithTheirNumberOnly() throws {
    var buffer = LineBuffer()
    buffer.append([UInt8](repeating: 0x0A, count: 500_000))
    var before = timespec()
    var after = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &before)
    while try buffer.next() != nil {}
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &after)
    #expect(after.tv_sec - before.tv_sec < 3)
    #expect(buffer.count == 0)
    buffer.append(Array("ab".utf8))
    #expect(try buffer.next() == nil)
    buffer.append(Array("c\nd\n".utf8))
    #expect(try buffer.next() == Array("abc".utf8))
    #expect(try buffer.next() == Array("d".utf8))
  }
}
