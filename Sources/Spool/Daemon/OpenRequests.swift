/// The requests in progress in the daemon's loop. Each gets a small step in turn, so that a large
/// request does not block the others, workers or the inbox.
final class OpenRequests {
  private var open: [(ticket: ControlDesk.Ticket, run: RequestRun)] = []
  private let clock: SpoolClock
  /// The milliseconds per round for all requests together.
  private static let share = 20

  init(clock: SpoolClock) { self.clock = clock }

  /// Whether nothing is left to do.
  var isEmpty: Bool { open.isEmpty }

  /// Works on the requests for a short while.
  ///
  /// - Parameter reload: reads the configuration again.
  func work(_ desk: ControlDesk, _ spooler: Spooler, reload: () -> Void) {
    for ticket in desk.take() {
      if ticket.request.command == .reload { reload() }
      open.append((ticket, RequestRun(ticket.request)))
    }
    let end = clock.steady() + Self.share
    var steps = 0
    while let (ticket, run) = open.first, steps == 0 || clock.steady() < end {
      open.removeFirst()
      if run.step(spooler) {
        desk.give(run.reply, to: ticket)
      } else {
        open.append((ticket, run))
      }
      steps += 1
    }
  }
}
