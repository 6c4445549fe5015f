/// A number in decimal digits, as a bound of others.
struct Decimal: Sendable, Equatable {
  /// Digits before and after the point that answers may have: enough for any `Double`, and an end for
  /// models that go on with 3.333.
  static let digits = 16

  /// Whether it is less than zero.
  let isNegative: Bool
  /// The digits before the point, without leading zeros.
  let whole: [UInt8]
  /// The digits behind the point, without zeros at the end.
  let fraction: [UInt8]

  /// Zero.
  static let zero = Decimal(isNegative: false, whole: [], fraction: [])

  /// A number from its parts.
  init(isNegative: Bool, whole: [UInt8], fraction: [UInt8]) {
    self.isNegative = isNegative
    self.whole = whole
    self.fraction = fraction
  }

  /// Reads a JSON number; `nil` for exponents beyond those of a `Double`.
  init?(_ text: String) {
    let parts = text.lowercased().split(separator: "e", maxSplits: 1)
    guard let mantissa = parts.first, let exponent = parts.count > 1 ? Int(parts[1]) : 0,
      abs(exponent) <= 400, mantissa.utf8.count <= 1000
    else { return nil }
    let halves = mantissa.drop { $0 == "-" }.split(
      separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    var digits = halves.joined().utf8.map { $0 &- 0x30 }
    var point = (halves.first?.utf8.count ?? 0) + exponent
    if point < 0 {
      digits = [UInt8](repeating: 0, count: -point) + digits
      point = 0
    }
    if point > digits.count { digits += [UInt8](repeating: 0, count: point - digits.count) }
    whole = Array(digits[..<point].drop { $0 == 0 })
    fraction = Array(digits[point...].reversed().drop { $0 == 0 }.reversed())
    isNegative = mantissa.first == "-" && !(whole.isEmpty && fraction.isEmpty)
  }

  /// The number with the other sign.
  var negated: Decimal {
    let isZero = whole.isEmpty && fraction.isEmpty
    return Decimal(isNegative: !isNegative && !isZero, whole: whole, fraction: fraction)
  }

  /// Whether it is less than another.
  static func < (a: Decimal, b: Decimal) -> Bool {
    if a.isNegative != b.isNegative { return a.isNegative }
    let (a, b) = a.isNegative ? (b, a) : (a, b)
    if a.whole.count != b.whole.count { return a.whole.count < b.whole.count }
    return (a.whole + a.fraction).lexicographicallyPrecedes(b.whole + b.fraction)
  }
}
