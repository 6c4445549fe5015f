import Basics

/// Notices when the wall clock is set, by comparing it with the steady clock, which is never set.
///
/// A clock that is set must not make waits end early or last longer, and a clock that is a year ahead
/// for a minute must not make everything look old enough to be removed.
final class ClockWatch {
  /// The result of comparing both clocks.
  struct Look: Equatable {
    /// Milliseconds by which the clock was set since the last comparison; 0 for a negligible difference.
    var jump = 0
    /// A message for the user; `nil` for none.
    var words: String?
  }

  private let clock: SpoolClock
  private var wall: Int
  private var steady: Int
  /// The time that is trusted, in milliseconds since 1970.
  private(set) var trusted: Int
  /// Since when the wall clock differs from the trusted time, by the steady clock, and how far ahead it
  /// is, in milliseconds.
  private var doubt: (since: Int, ahead: Int)?

  /// Differences below this are normal corrections of a clock.
  private static let least = 2000
  private static let day = 86_400_000
  private static let hour = 3_600_000

  /// - Parameter seen: the last trusted time, in milliseconds since 1970; `nil` where none is known.
  init(clock: SpoolClock, seen: Int?) {
    self.clock = clock
    wall = clock.wall()
    steady = clock.steady()
    trusted = seen ?? wall
  }

  /// Whether the clock jumped forward so far, and so recently, that ages cannot be trusted.
  var isDoubtful: Bool { doubt != nil }

  /// Why no job is removed because of its age; `nil` where jobs are.
  var reason: String? {
    guard let doubt else { return nil }
    let left = max(0, doubt.since + Self.hour - clock.steady())
    return "nothing is cleaned away by its age: the clock jumped forward by "
      + "\(TimeSpan.text(seconds: Double(doubt.ahead) / 1000)); it is believed in "
      + TimeSpan.text(seconds: Double(left) / 1000)
  }

  /// Compares both clocks.
  func look() -> Look {
    let (nowWall, nowSteady) = (clock.wall(), clock.steady())
    let elapsed = max(0, nowSteady - steady)
    let jump = nowWall - wall - elapsed
    (wall, steady) = (nowWall, nowSteady)
    var look = Look(jump: abs(jump) > Self.least ? jump : 0)
    let expected = trusted + elapsed
    let ahead = nowWall - expected
    guard ahead > Self.day else {
      trusted = nowWall
      if doubt != nil { look.words = "the clock is right again" }
      doubt = nil
      return look
    }
    if let doubt, abs(ahead - doubt.ahead) <= Self.day {
      if nowSteady - doubt.since >= Self.hour {
        trusted = nowWall
        self.doubt = nil
        look.words = "the clock is believed again"
        return look
      }
    } else {
      doubt = (nowSteady, ahead)
      look.words = reason
    }
    trusted = expected
    return look
  }
}
