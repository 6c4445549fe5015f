/// A set of Unicode scalars, as ranges in ascending order with gaps between them.
struct ScalarSet: Hashable, Sendable {
  /// The ranges.
  private(set) var ranges: [ClosedRange<UInt32>]

  /// No scalars.
  static let none = ScalarSet([])
  /// All scalars.
  static let all = ScalarSet([0...0xD7FF, 0xE000...0x10FFFF])

  /// The scalars of any ranges; surrogates are left out.
  init(_ ranges: [ClosedRange<UInt32>]) {
    var merged: [ClosedRange<UInt32>] = []
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = merged.last, range.lowerBound <= last.upperBound + 1 {
        merged[merged.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
      } else {
        merged.append(range)
      }
    }
    self.ranges = merged.flatMap { range -> [ClosedRange<UInt32>] in
      var parts: [ClosedRange<UInt32>] = []
      if range.lowerBound < 0xD800 {
        parts.append(range.lowerBound...min(range.upperBound, 0xD7FF))
      }
      if range.upperBound > 0xDFFF {
        parts.append(max(range.lowerBound, 0xE000)...range.upperBound)
      }
      return parts
    }
  }

  /// The scalars of a text.
  init(of text: String) { self.init(text.unicodeScalars.map { $0.value...$0.value }) }

  /// Whether there are no scalars.
  var isEmpty: Bool { ranges.isEmpty }

  /// Whether a scalar is in the set.
  func contains(_ scalar: UInt32) -> Bool { ranges.contains { $0.contains(scalar) } }

  /// The scalars of both sets.
  func union(_ other: ScalarSet) -> ScalarSet { ScalarSet(ranges + other.ranges) }

  /// The scalars that are not in the set.
  var inverted: ScalarSet {
    var result: [ClosedRange<UInt32>] = []
    var next: UInt32 = 0
    for range in ranges {
      if range.lowerBound > next { result.append(next...range.lowerBound - 1) }
      next = range.upperBound + 1
    }
    if next <= 0x10FFFF { result.append(next...0x10FFFF) }
    return ScalarSet(result)
  }

  /// The scalars that are in this set but not in the other.
  func subtracting(_ other: ScalarSet) -> ScalarSet { inverted.union(other).inverted }
}
