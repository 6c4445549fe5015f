import Diagnostics
import Synchronization

@preconcurrency import Glibc

/// Passes requests and replies between the thread that serves clients and the daemon's loop.
///
/// The loop syncs every step of a job to disk, which can be slow. Clients are served meanwhile, and a
/// client that only asks for the status gets the latest known one.
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
    /// The daemon's latest status and its time, by the steady clock.
    var latest: (live: LiveStatus, time: Int)?
    var isClosed = false
  }

  private let state = Mutex(State())
  /// Wakes the daemon's loop.
  let requests: WakePipe
  /// Wakes the clients' thread.
  let replies: WakePipe

  init() throws(Failure) {
    requests = try WakePipe()
    replies = try WakePipe()
  }

  // MARK: - The thread's side

  /// Passes a request to the loop.
  func ask(_ request: ControlRequest) -> Ticket {
    let ticket = Ticket(request)
    state.withLock { $0.tickets.append(ticket) }
    requests.wake()
    return ticket
  }

  /// The latest status of the daemon.
  func latest(now: Int) -> LiveStatus? {
    guard let (live, time) = state.withLock(\.latest) else { return nil }
    var aged = live
    aged.age = Double(max(0, now - time)) / 1000
    return aged
  }

  /// The latest status if it is recent, as it always is while the daemon works normally.
  func fresh(now: Int) -> LiveStatus? {
    guard let (live, time) = state.withLock(\.latest), now - time < Self.moment else { return nil }
    return live
  }

  private static let moment = 300

  /// Whether the thread should end.
  var isClosed: Bool { state.withLock(\.isClosed) }

  // MARK: - The loop's side

  /// The requests since the last call.
  func take() -> [Ticket] {
    requests.clear()
    return state.withLock { state in
      defer { state.tickets = [] }
      return state.tickets
    }
  }

  /// Passes a reply back.
  func give(_ reply: ControlReply, to ticket: Ticket) {
    ticket.give(reply)
    replies.wake()
  }

  /// Publishes the daemon's status.
  func publish(_ live: LiveStatus, now: Int) { state.withLock { $0.latest = (live, now) } }

  /// Makes the thread end.
  func close() {
    state.withLock { $0.isClosed = true }
    replies.wake()
  }
}
