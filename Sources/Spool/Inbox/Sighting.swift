/// A file in the inbox as it was last seen, and how long it has been unchanged.
struct Sighting {
  /// A reason to claim the file immediately.
  enum Signal {
    /// It was renamed into place, so it was complete when it arrived.
    case movedIn
    /// The program that wrote it closed it.
    case closed
  }

  private(set) var status: FileStatus
  /// When it was first seen, by the steady clock.
  private(set) var firstSeen: Int
  /// Since when it has not changed, by the steady clock.
  private(set) var since: Int
  private(set) var signal: Signal?

  init(_ status: FileStatus, now: Int, signal: Signal?) {
    self.status = status
    firstSeen = now
    since = now
    self.signal = signal
  }

  /// Updates it with a new status.
  mutating func update(_ status: FileStatus, now: Int, signal: Signal?) {
    // The time of the last name change counts, too: a rename within the inbox is a change.
    if status != self.status {
      self.status = status
      since = now
      // A signal applied to the file as it was then.
      self.signal = nil
    }
    if let signal { self.signal = signal }
  }

  /// Restarts the wait, because a program has the file open for writing.
  mutating func isBeingWritten(now: Int) {
    since = now
    signal = nil
  }

  /// Excludes time in which the writer may have been suspended, too.
  mutating func wasAsleep(for milliseconds: Int) {
    since += milliseconds
    firstSeen += milliseconds
  }

  /// Whether nothing has changed for this many milliseconds.
  func isStill(for milliseconds: Int, now: Int) -> Bool { now - since >= milliseconds }
}
