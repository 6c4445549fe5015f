import Diagnostics
import WorkerProtocol

extension Spooler {
  /// Milliseconds between two looks at the store's log.
  private static let careInterval = 10_000

  /// Puts the store back where somebody removed or replaced it, and keeps its log small.
  func careForStore(now: Int) throws {
    if store.isDisturbed {
      // Where the whole spool was exchanged, the new one has a store of its own.
      try lookAtPlaces()
      guard isLost == nil, places.trouble == nil else { return }
    }
    do {
      if let text = try store.putBack(now: clock.wall()) { log(.error, nil, text) }
    } catch {
      // What would be begun now might be forgotten.
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
