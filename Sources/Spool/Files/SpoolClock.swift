import Diagnostics

@preconcurrency import Glibc

/// Two clocks: the wall clock, and a steady one that is never set.
public struct SpoolClock: Sendable {
  /// Milliseconds since 1970; can jump.
  public var wall: @Sendable () -> Int
  /// Milliseconds since some moment, including the time in which the machine slept; never jumps.
  public var steady: @Sendable () -> Int

  /// A clock from two functions.
  public init(wall: @escaping @Sendable () -> Int, steady: @escaping @Sendable () -> Int) {
    self.wall = wall
    self.steady = steady
  }

  /// The machine's clock.
  public static let system = SpoolClock(
    wall: { read(CLOCK_REALTIME) }, steady: { read(CLOCK_BOOTTIME) })

  /// The most seconds that are accepted from a clock; as milliseconds they can still be added.
  private static let maxSeconds = 1 << 50

  /// Whole milliseconds for seconds, at least 0 and at most 10^15: 30,000 years, which can be added to
  /// any valid time.
  static func milliseconds(_ seconds: Double) -> Int {
    max(0, Int(clamping: min(seconds, 1e12) * 1000))
  }

  private static func read(_ clock: clockid_t) -> Int {
    var time = timespec()
    clock_gettime(clock, &time)
    let seconds = max(-maxSeconds, min(maxSeconds, Int(time.tv_sec)))
    return seconds * 1000 + Int(time.tv_nsec) / 1_000_000
  }
}
