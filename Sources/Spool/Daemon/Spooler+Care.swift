import Diagnostics
import WorkerProtocol

extension Spooler {
  /// Milliseconds between two checks of the store's log.
  private static let careInterval = 10_000

  /// Restores the store's files if they were removed or replaced, and keeps its log small.
  func careForStore(now: Int) throws {
    if store.isDisturbed {
      // If the whole spool was replaced, the new one has its own store.
      try lookAtPlaces()
      guard isLost == nil, places.trouble == nil else { return }
    }
    do {
      if let text = try store.putBack(now: clock.wall()) { log(.error, nil, text) }
    } catch {
      // A job started now might be lost.
      dispatcher.hinder(by: ErrorReport(Failure.describing(error)), seconds: 1)
      throw error
    }
    guard now >= careTime else { return }
    careTime = now + Self.careInterval
    let warning = try store.shrinkLog(isIdle: !dispatcher.isBusy)
    if let warning, !isLogHeld { log(.warning, nil, warning) }
    isLogHeld = warning != nil
  }
}
