extension FixedWidthInteger {
  /// The sum, or the nearest representable number.
  ///
  /// For sizes and times from outside, where an overflow of `+` would end the process.
  public func addingClamped(_ other: Self) -> Self {
    let (sum, overflow) = addingReportingOverflow(other)
    guard overflow else { return sum }
    return other < 0 ? .min : .max
  }

  /// The difference, or the nearest representable number.
  public func subtractingClamped(_ other: Self) -> Self {
    let (difference, overflow) = subtractingReportingOverflow(other)
    guard overflow else { return difference }
    return other < 0 ? .max : .min
  }

  /// The product, or the nearest representable number.
  public func multipliedClamped(by other: Self) -> Self {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    guard overflow else { return product }
    return (self < 0) == (other < 0) ? .max : .min
  }

  /// The number without its fraction, or the nearest representable one; 0 for NaN.
  public init(clamping value: Double) {
    self = Self(exactly: value.rounded(.towardZero)) ?? (value.isNaN ? 0 : value < 0 ? .min : .max)
  }
}

extension Sequence where Element: FixedWidthInteger {
  /// The sum of all numbers, each step clamped; for sizes, none of which is negative.
  public func clampedSum() -> Element { reduce(0) { $0.addingClamped($1) } }
}
