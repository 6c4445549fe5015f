/// How scalars are written in bytes.
enum ScalarEncoding: Sendable {
  /// In UTF-8.
  case plain
  /// In UTF-8 inside of a JSON string, with an escape where there has to be one.
  case json

  /// What has to be escaped in a JSON string; DEL need not be, but is nothing to print.
  static let escaped = ScalarSet([0...0x1F, 0x22...0x22, 0x5C...0x5C, 0x7F...0x7F])

  /// One scalar of a set.
  func expression(_ set: ScalarSet) -> Expression {
    switch self {
    case .plain: return Self.utf8(set)
    case .json:
      var parts = [Self.utf8(set.subtracting(Self.escaped))]
      for range in Self.escaped.ranges {
        for value in range where set.contains(value) {
          if let scalar = Unicode.Scalar(value) { parts.append(.text(Self.jsonSpelling(scalar))) }
        }
      }
      return .either(parts)
    }
  }

  /// A scalar as it is written in a JSON string: with the shortest escape where it needs one.
  static func jsonSpelling(_ scalar: Unicode.Scalar) -> String {
    guard escaped.contains(scalar.value) else { return String(Character(scalar)) }
    switch scalar {
    case "\u{08}": return #"\b"#
    case "\t": return #"\t"#
    case "\n": return #"\n"#
    case "\u{0C}": return #"\f"#
    case "\r": return #"\r"#
    case "\"": return #"\""#
    case "\\": return #"\\"#
    default:
      let digits = String(scalar.value, radix: 16)
      return #"\u"# + String(repeating: "0", count: 4 - digits.count) + digits
    }
  }

  /// The UTF-8 of one scalar of a set.
  static func utf8(_ set: ScalarSet) -> Expression {
    var sequences: [[ClosedRange<UInt8>]] = []
    for range in set.ranges { split(range.lowerBound, range.upperBound, &sequences) }
    return expression(sequences)
  }

  /// Cuts a range into parts in which every byte has a range of its own, whatever the others are.
  private static func split(
    _ low: UInt32, _ high: UInt32, _ sequences: inout [[ClosedRange<UInt8>]]
  ) {
    for last in [0x7F, 0x7FF, 0xFFFF] as [UInt32] where low <= last && high > last {
      split(low, last, &sequences)
      return split(last + 1, high, &sequences)
    }
    let (first, last) = (bytes(low), bytes(high))
    for count in 1..<max(first.count, 1) {
      let mask: UInt32 = 1 << (6 * UInt32(count)) - 1
      guard low & ~mask != high & ~mask else { continue }
      if low & mask != 0 {
        split(low, low | mask, &sequences)
        return split((low | mask) + 1, high, &sequences)
      }
      if high & mask != mask {
        split(low, (high & ~mask) - 1, &sequences)
        return split(high & ~mask, high, &sequences)
      }
    }
    sequences.append(zip(first, last).map { $0...$1 })
  }

  private static func bytes(_ value: UInt32) -> [UInt8] {
    Unicode.Scalar(value).map { Array(String(Character($0)).utf8) } ?? []
  }

  /// Sequences of ranges of bytes; those with the same beginning or the same rest share it.
  private static func expression(_ sequences: [[ClosedRange<UInt8>]]) -> Expression {
    var rests: [ClosedRange<UInt8>: [[ClosedRange<UInt8>]]] = [:]
    for sequence in sequences {
      guard let first = sequence.first else { return .empty }
      rests[first, default: []].append(Array(sequence.dropFirst()))
    }
    var firsts: [[[ClosedRange<UInt8>]]: ByteSet] = [:]
    for (first, rest) in rests { firsts[rest, default: ByteSet()].formUnion(ByteSet(first)) }
    return .either(
      firsts.map { rest, set in
        rest == [[]] ? .bytes(set) : .sequence([.bytes(set), expression(rest)])
      })
  }
}
