/// The wait before another attempt.
struct Backoff: Sendable {
  /// The first wait, in seconds.
  var first: Double
  /// The longest wait, in seconds.
  var most: Double

  /// Milliseconds before another attempt. The range doubles with every attempt, and the wait is drawn
  /// from its upper half, so that jobs that failed together do not return together.
  ///
  /// - Parameter attempts: attempts so far, at least 1.
  func milliseconds(after attempts: Int, random: Double = .random(in: 0..<1)) -> Int {
    // 2^40 times any wait exceeds the longest one.
    let doublings = Double(1 << min(40, max(1, attempts) - 1))
    let range = min(most, first * doublings)
    return SpoolClock.milliseconds(range * (0.5 + 0.5 * random))
  }
}
