/// The tokens that may come next.
public struct TokenMask: Sendable, Equatable {
  private var words: [UInt64]
  /// One more than the largest id that can be in it.
  public let idBound: Int

  /// No tokens.
  ///
  /// - Parameter idBound: one more than the largest id.
  public init(idBound: Int) {
    self.idBound = idBound
    words = Array(repeating: 0, count: (idBound + 63) / 64)
  }

  /// Whether a token may come next; `false` for ids that there are not.
  public func contains(_ id: Int32) -> Bool {
    guard id >= 0, id < idBound else { return false }
    return words[Int(id) >> 6] >> UInt64(id & 63) & 1 == 1
  }

  /// Adds a token; ids that there are not are ignored.
  public mutating func insert(_ id: Int32) {
    guard id >= 0, id < idBound else { return }
    words[Int(id) >> 6] |= 1 << UInt64(id & 63)
  }

  /// Adds the tokens of another set; ids beyond the bound are left out.
  mutating func formUnion(_ other: TokenMask) {
    for (index, word) in zip(words.indices, other.words) { words[index] |= word }
    let spare = words.count * 64 - idBound
    if spare > 0 { words[words.count - 1] &= .max >> UInt64(spare) }
  }

  /// Gives access to 64 tokens a word, for loops that add many.
  mutating func withWords<Result, Problem: Error>(
    _ body: (UnsafeMutableBufferPointer<UInt64>) throws(Problem) -> Result
  ) throws(Problem) -> Result {
    try words.withUnsafeMutableBufferPointer { words throws(Problem) in try body(words) }
  }

  /// How many tokens there are.
  public var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

  /// The token with the largest of some values; the first of equals, and `nil` where none has a value.
  public func largest(of values: [Float]) -> Int32? {
    var best: Int?
    for (index, word) in words.enumerated() {
      var rest = word
      while rest != 0 {
        let id = index << 6 + rest.trailingZeroBitCount
        rest &= rest - 1
        guard id < values.count else { return best.map { Int32($0) } }
        if let known = best, values[id] <= values[known] { continue }
        best = id
      }
    }
    return best.map { Int32($0) }
  }

  /// The tokens, ascending.
  public var ids: [Int32] {
    var ids: [Int32] = []
    for (index, word) in words.enumerated() {
      var rest = word
      while rest != 0 {
        ids.append(Int32(index << 6 + rest.trailingZeroBitCount))
        rest &= rest - 1
      }
    }
    return ids
  }
}
