import Synchronization

@testable import Spool

/// A clock that only goes when it is told to.
final class TestClock: Sendable {
  private let milliseconds = Mutex(1_700_000_000_000)

  var now: Int { milliseconds.withLock { $0 } }

  func advance(_ seconds: Double) { milliseconds.withLock { $0 += Int(seconds * 1000) } }

  var clock: SpoolClock { SpoolClock(wall: { self.now }, steady: { self.now }) }
}
