@preconcurrency import Glibc

/// An axis with ticks at round numbers that covers some values.
struct ChartAxis: Sendable {
  /// The values of the grid lines, ascending; the first and the last are the ends of the axis.
  let ticks: [Double]

  private let start: Double
  private let end: Double

  /// - Parameters:
  ///   - values: the numbers to cover; the ticks stay within 0 and 100 where these do.
  ///   - start: the coordinate of the first tick, in units of the drawing.
  ///   - end: the coordinate of the last tick.
  init(covering values: [Double], from start: Double, to end: Double) {
    self.start = start
    self.end = end
    let low = values.min() ?? 0
    let high = max(values.max() ?? 100, low + 1e-9)
    // Four to nine ticks at 1, 2 or 5 times a power of ten.
    let rough = max(0.1, (high - low) / 6)
    let power = pow(10, log10(rough).rounded(.down))
    let step = power * ([1, 2, 5, 10].first { $0 * power >= rough } ?? 10)
    var first = (low / step).rounded(.down)
    var last = (high / step).rounded(.up)
    // A point on the edge of the drawing would be half hidden.
    if first * step >= low - step * 0.02, first > 0 { first -= 1 }
    if last * step <= high + step * 0.02, last * step != 100 { last += 1 }
    if last <= first { last = first + 1 }
    ticks = (0...Int(last - first)).map { (first + Double($0)) * step }
  }

  /// The coordinate of a value.
  func place(_ value: Double) -> Double {
    guard let first = ticks.first, let last = ticks.last, last > first else { return start }
    return start + (value - first) / (last - first) * (end - start)
  }
}
