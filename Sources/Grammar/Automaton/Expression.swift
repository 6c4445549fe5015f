/// A set of byte sequences, as it is written down before it becomes an automaton.
indirect enum Expression: Sendable {
  /// No sequence at all.
  case nothing
  /// One byte of a set.
  case bytes(ByteSet)
  /// Exactly these bytes; none for the empty sequence.
  case literal([UInt8])
  /// One after the other.
  case sequence([Expression])
  /// Any one of these.
  case either([Expression])
  /// From `min` to `max` times, or without an upper bound.
  case repeated(Expression, min: Int, max: Int?)
  /// What a rule stands for.
  case rule(Int)

  /// The empty sequence.
  static let empty = Expression.literal([])

  /// The UTF-8 of a text.
  static func text(_ text: String) -> Expression { .literal(Array(text.utf8)) }

  /// One byte of a range.
  static func range(_ range: ClosedRange<UInt8>) -> Expression { .bytes(ByteSet(range)) }

  /// One byte of a text in ASCII.
  static func any(of text: String) -> Expression {
    var set = ByteSet()
    for byte in text.utf8 { set.insert(byte) }
    return .bytes(set)
  }

  /// The expression, or nothing.
  static func optional(_ expression: Expression) -> Expression {
    .repeated(expression, min: 0, max: 1)
  }
}
