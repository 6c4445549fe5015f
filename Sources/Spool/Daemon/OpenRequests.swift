/// The requests that the daemon's loop is at work on: each gets a small step in turn, so that none
/// of them keeps the others, workers or the inbox waiting, however much it asks.
final class OpenRequests {
  private var open: [(ticket: ControlDesk.Ticket, run: RequestRun)] = []
  private let clock: SpoolClock
  /// Milliseconds of a round that requests get together.
  private static let share = 20

  init(clock: SpoolClock) { self.clock = clock }

  /// Whether nothing is left to do.
  var isEmpty: Bool { open.isEmpty }

  /// Goes on with them for a short while.
  ///
  /// - Parameter reload: reads the configuration anew.
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
