/// Whether an answer repeats itself.
///
/// The rule is cautious: the answer ends with the same 1 to 64 tokens at least 8 times in a row, and these
/// repetitions have at least 128 tokens. Models that have come so far do not find out by themselves.
enum Repetition {
  static let longestPeriod = 64
  static let leastTimes = 8
  static let leastTokens = 128

  /// Whether the tokens of an answer end with repetitions.
  static func ends(_ tokens: [Int32]) -> Bool {
    guard tokens.count >= leastTokens else { return false }
    return (1...longestPeriod).contains { period in
      let length = max(leastTokens, period * leastTimes)
      guard tokens.count >= length else { return false }
      let end = tokens.suffix(length)
      return end.dropFirst(period).elementsEqual(end.dropLast(period))
    }
  }
}
