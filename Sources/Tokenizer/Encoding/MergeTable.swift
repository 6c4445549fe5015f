/// The merges of token pairs: rank and merged token of each pair.
///
/// A hash table with open addressing: a lookup takes a few nanoseconds, where a `Dictionary` takes
/// thirty, and lookups dominate encoding.
struct MergeTable: Sendable {
  /// What `[left, right]` returns for a pair that never merges; larger than any other value.
  static let none = UInt64.max

  private var keys: [UInt64]
  private var values: [UInt64]
  private var shift: UInt64
  // Random, so that no file can be designed to make every pair collide.
  private let multiplier = UInt64.random(in: 0...UInt64.max) | 1

  /// Room for a number of pairs.
  init(capacity: Int) {
    var bits: UInt64 = 4
    while 1 << bits < capacity * 2 { bits += 1 }
    keys = Array(repeating: Self.none, count: 1 << bits)
    values = Array(repeating: Self.none, count: 1 << bits)
    shift = 64 - bits
  }

  private func slot(of key: UInt64) -> Int {
    var slot = Int(truncatingIfNeeded: (key &* multiplier) >> shift)
    while keys[slot] != key, keys[slot] != Self.none { slot = (slot + 1) & (keys.count - 1) }
    return slot
  }

  /// The rank in the upper half and the merged token in the lower, so that values sort by rank.
  subscript(left: UInt32, right: UInt32) -> UInt64 {
    values[slot(of: UInt64(left) << 32 | UInt64(right))]
  }

  /// Adds a pair; if a pair occurs twice, the later rank counts, as in the reference library.
  mutating func insert(left: UInt32, right: UInt32, rank: UInt32, merged: UInt32) {
    let key = UInt64(left) << 32 | UInt64(right)
    let slot = slot(of: key)
    keys[slot] = key
    values[slot] = UInt64(rank) << 32 | UInt64(merged)
  }
}
