/// A file in the inbox as it was last seen, and since when it looks like that.
struct Sighting {
  /// A reason to take it at once.
  enum Signal {
    /// It was renamed into place: it was whole when it came.
    case movedIn
    /// The program that wrote it closed it.
    case closed
  }

  private(set) var status: FileStatus
  /// When it was first seen, by the steady clock.
  private(set) var firstSeen: Int
  /// Since when nothing about it has changed.
  private(set) var since: Int
  private(set) var signal: Signal?

  init(_ status: FileStatus, now: Int, signal: Signal?) {
    self.status = status
    firstSeen = now
    since = now
    self.signal = signal
  }

  /// Takes another look.
  mutating func update(_ status: FileStatus, now: Int, signal: Signal?) {
    // The time of the last change of the name counts too: a rename within the inbox is a change.
    if status != self.status {
      self.status = status
      since = now
      // A signal is about the file as it was then.
      self.signal = nil
    }
    if let signal { self.signal = signal }
  }

  /// Someone has it open for writing: the wait begins anew.
  mutating func isBeingWritten(now: Int) {
    since = now
    signal = nil
  }

  /// Time in which nobody could write: whoever does may have stood still, too.
  mutating func wasAsleep(for milliseconds: Int) {
    since += milliseconds
    firstSeen += milliseconds
  }

  /// Whether nothing has changed for so many milliseconds.
  func isStill(for milliseconds: Int, now: Int) -> Bool { now - since >= milliseconds }
}
