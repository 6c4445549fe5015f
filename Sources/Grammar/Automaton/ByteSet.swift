/// A set of bytes.
struct ByteSet: Hashable, Sendable {
  private var words: SIMD4<UInt64> = .zero

  /// No bytes.
  init() {}

  /// One byte.
  init(_ byte: UInt8) { insert(byte) }

  /// All bytes of a range.
  init(_ range: ClosedRange<UInt8>) { for byte in range { insert(byte) } }

  /// Adds a byte.
  mutating func insert(_ byte: UInt8) { words[Int(byte >> 6)] |= 1 << UInt64(byte & 63) }

  /// Adds the bytes of another set.
  mutating func formUnion(_ other: ByteSet) { words |= other.words }

  /// Whether a byte is in the set.
  func contains(_ byte: UInt8) -> Bool { words[Int(byte >> 6)] >> UInt64(byte & 63) & 1 == 1 }

  /// Whether there are no bytes.
  var isEmpty: Bool { words == .zero }
}
