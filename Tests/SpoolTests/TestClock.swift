import Synchronization

@testable import Spool

/// A clock that advances only when told to.
final class TestClock: Sendable {
  private let milliseconds = Mutex(1_700_000_000_000)
  private let offset = Mutex(0)

  var now: Int { milliseconds.withLock { $0 } }

  func advance(_ seconds: Double) { milliseconds.withLock { $0 += Int(seconds * 1000) } }

  /// The wall clock.
  var wall: Int { now + offset.withLock { $0 } }

  /// Sets the wall clock forward or back.
  func set(by seconds: Double) { offset.withLock { $0 += Int(seconds * 1000) } }

  var clock: SpoolClock { SpoolClock(wall: { self.wall }, steady: { self.now }) }
}
