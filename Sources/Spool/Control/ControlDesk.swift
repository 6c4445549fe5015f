import Diagnostics
import Synchronization

@preconcurrency import Glibc

/// Where the thread that listens to clients and the daemon's loop meet.
///
/// The loop brings every step of a job to disk, which takes as long as the disk takes; clients are
/// heard all the same, and who only asks how things are hears the latest that is known.
final class ControlDesk: Sendable {
  /// A request on its way to the loop, and its reply on the way back.
  final class Ticket: Sendable {
    let request: ControlRequest
    private let given = Mutex<ControlReply?>(nil)

    init(_ request: ControlRequest) { self.request = request }

    /// The reply, once there is one.
    var reply: ControlReply? { given.withLock(\.self) }

    fileprivate func give(_ reply: ControlReply) { given.withLock { $0 = reply } }
  }

  private struct State {
    var tickets: [Ticket] = []
    /// How the daemon was, and when, by the steady clock.
    var latest: (live: LiveStatus, time: Int)?
    var isClosed = false
  }

  private let state = Mutex(State())
  /// Wakes the loop.
  let requests: WakePipe
  /// Wakes the thread.
  let replies: WakePipe

  init() throws(Failure) {
    requests = try WakePipe()
    replies = try WakePipe()
  }

  // MARK: - The thread's side

  /// Passes a request on.
  func ask(_ request: ControlRequest) -> Ticket {
    let ticket = Ticket(request)
    state.withLock { $0.tickets.append(ticket) }
    requests.wake()
    return ticket
  }

  /// How the daemon was when it last said so.
  func latest(now: Int) -> LiveStatus? {
    guard let (live, time) = state.withLock(\.latest) else { return nil }
    var aged = live
    aged.age = Double(max(0, now - time)) / 1000
    return aged
  }

  /// How the daemon is, if it said so a moment ago, as it does all the time while it works.
  func fresh(now: Int) -> LiveStatus? {
    guard let (live, time) = state.withLock(\.latest), now - time < Self.moment else { return nil }
    return live
  }

  private static let moment = 300

  /// Whether the thread is to end.
  var isClosed: Bool { state.withLock(\.isClosed) }

  // MARK: - The loop's side

  /// The requests that came since the last call.
  func take() -> [Ticket] {
    requests.clear()
    return state.withLock { state in
      defer { state.tickets = [] }
      return state.tickets
    }
  }

  /// Gives a request its reply.
  func give(_ reply: ControlReply, to ticket: Ticket) {
    ticket.give(reply)
    replies.wake()
  }

  /// Says how the daemon is.
  func publish(_ live: LiveStatus, now: Int) { state.withLock { $0.latest = (live, now) } }

  /// Has the thread end.
  func close() {
    state.withLock { $0.isClosed = true }
    replies.wake()
  }
}
