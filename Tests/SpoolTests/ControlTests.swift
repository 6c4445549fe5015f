import Diagnostics
import Synchronization
import Testing
import WorkerProtocol

@preconcurrency import Glibc
@testable import Spool

/// Clients are served while the daemon's loop is busy.
@Suite struct ControlTests {
  private let folder: TemporaryFolder
  private let desk: ControlDesk

  init() throws {
    folder = try TemporaryFolder()
    desk = try ControlDesk()
  }

  private func start(patience: Int) throws {
    try ControlServer(
      path: SpoolLayout.socket(in: folder.path), desk: desk, clock: SpoolClock.system,
      patience: patience
    ).start()
  }

  private var live: LiveStatus {
    LiveStatus(
      process: 7, started: 1, model: "/model", isPaused: false, isDraining: false, obstacle: nil,
      running: [], workers: 0, watched: [], incomplete: [], refused: [], memory: 1, freeBytes: 2)
  }

  @Test func whoAsksWhileTheLoopIsBusyHearsTheLatestThatIsKnown() throws {
    try start(patience: 40)
    defer { desk.close() }
    desk.publish(live, now: SpoolClock.system.steady() - 5000)
    let begun = SpoolClock.system.steady()
    let reply = try #require(try ControlClient(root: folder.path).ask(ControlRequest(.status)))
    #expect(reply.live?.process == 7)
    #expect((reply.live?.age ?? 0) >= 5)
    // Nothing serves the desk, as if the loop were busy forever.
    #expect(SpoolClock.system.steady() - begun < 2000)
  }

  @Test func whoAsksALoopThatIsNotBusyHearsHowItIsNow() throws {
    try start(patience: 60_000)
    defer { desk.close() }
    desk.publish(live, now: SpoolClock.system.steady() - 5000)
    let loop = Loop(desk) { _ in
      var reply = ControlReply()
      reply.live = self.live
      return reply
    }
    defer { loop.stop() }
    let reply = try #require(try ControlClient(root: folder.path).ask(ControlRequest(.status)))
    #expect(reply.live?.process == 7)
    #expect(reply.live?.age == nil)
  }

  @Test func whatWasSaidAMomentAgoIsNotAskedAgain() throws {
    // The clock stands still, so the status stays recent.
    let time = SpoolClock(wall: { 1000 }, steady: { 1000 })
    try ControlServer(
      path: SpoolLayout.socket(in: folder.path), desk: desk, clock: time, patience: 60_000
    ).start()
    defer { desk.close() }
    desk.publish(live, now: 900)
    let reply = try #require(try ControlClient(root: folder.path).ask(ControlRequest(.status)))
    #expect(reply.live?.process == 7)
    #expect(reply.live?.age == nil)
  }

  @Test func aChangeWaitsForTheLoop() throws {
    try start(patience: 60_000)
    defer { desk.close() }
    desk.publish(live, now: 0)
    let loop = Loop(desk, delay: 200_000) { request in
      var reply = ControlReply()
      reply.results = [.init(id: nil, changed: true, message: request.command.rawValue)]
      return reply
    }
    defer { loop.stop() }
    let reply = try #require(try ControlClient(root: folder.path).ask(ControlRequest(.pause)))
    #expect(reply.results.map(\.message) == ["pause"])
  }

  @Test func whoShutsItsEndDownAfterAskingIsAnswered() throws {
    try start(patience: 60_000)
    defer { desk.close() }
    let loop = Loop(desk, delay: 50_000) { _ in
      var reply = ControlReply()
      reply.text = "figures"
      return reply
    }
    defer { loop.stop() }
    let client = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(client) }
    let path = Array(SpoolLayout.socket(in: folder.path).utf8)
    try #require(UnixAddress.with(path) { connect(client, $0, $1) } == 0)
    let line = try JSONLine.encode(ControlRequest(.metrics))
    try #require(write(client, line, line.count) == line.count)
    shutdown(client, Int32(SHUT_WR))
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = read(client, &bytes, bytes.count)
    #expect(String(decoding: bytes.prefix(max(0, count)), as: UTF8.self).contains("figures"))
  }

  @Test func whatIsNoRequestIsRefusedWithoutTheLoop() throws {
    try start(patience: 60_000)
    defer { desk.close() }
    let client = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(client) }
    let path = Array(SpoolLayout.socket(in: folder.path).utf8)
    try #require(UnixAddress.with(path) { connect(client, $0, $1) } == 0)
    try #require(write(client, "what?\n", 6) == 6)
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = read(client, &bytes, bytes.count)
    #expect(String(decoding: bytes.prefix(max(0, count)), as: UTF8.self).contains("\"error\""))
  }

  /// Serves a desk as the daemon's loop does.
  private final class Loop: Sendable {
    private let isStopped = Atomic(false)

    init(
      _ desk: ControlDesk, delay: UInt32 = 0,
      answer: @escaping @Sendable (ControlRequest) -> ControlReply
    ) {
      let box = Unmanaged.passRetained(Work(desk: desk, delay: delay, answer: answer, loop: self))
      var thread = pthread_t()
      pthread_create(
        &thread, nil,
        { pointer in
          guard let pointer else { return nil }
          let work = Unmanaged<Work>.fromOpaque(pointer).takeRetainedValue()
          while !work.loop.isStopped.load(ordering: .relaxed) {
            var poll = pollfd(fd: work.desk.requests.descriptor, events: Int16(POLLIN), revents: 0)
            guard Glibc.poll(&poll, 1, 100) > 0 else { continue }
            usleep(work.delay)
            for ticket in work.desk.take() {
              work.desk.give(work.answer(ticket.request), to: ticket)
            }
          }
          return nil
        }, box.toOpaque())
      pthread_detach(thread)
    }

    func stop() { isStopped.store(true, ordering: .relaxed) }
  }

  private final class Work: Sendable {
    let desk: ControlDesk
    let delay: UInt32
    let answer: @Sendable (ControlRequest) -> ControlReply
    let loop: Loop

    init(
      desk: ControlDesk, delay: UInt32,
      answer: @escaping @Sendable (ControlRequest) -> ControlReply,
      loop: Loop
    ) {
      (self.desk, self.delay, self.answer, self.loop) = (desk, delay, answer, loop)
    }
  }
}
