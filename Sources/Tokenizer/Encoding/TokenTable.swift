import Diagnostics

/// The tokens of a vocabulary in the spelling of its file, found by that spelling while merges are
/// read.
struct TokenTable {
  // Room for ids in tables that are indexed by them; the largest vocabularies have 262,144.
  static let idLimit = 1 << 22

  private var spellings: [UInt8] = []
  private var starts: [Int] = [0]
  private(set) var ids: [Int32] = []
  // The upper half of the hash and the entry: comparing the hash first saves two cache misses.
  private var slots = [UInt64](repeating: Self.empty, count: 1 << 12)
  private static let empty = UInt64.max
  private static let hashMask: UInt64 = 0xFFFF_FFFF_0000_0000
  private var isTaken: [Bool] = []
  private let seed = UInt64.random(in: 0...UInt64.max)

  var count: Int { ids.count }

  /// The bytes of an entry in the file's alphabet.
  func spelling(at entry: Int) -> ArraySlice<UInt8> {
    spellings[starts[entry]..<starts[entry + 1]]
  }

  /// One past the largest id.
  var idBound: Int { isTaken.count }

  /// Whether an entry has the id.
  func contains(id: Int) -> Bool { id >= 0 && id < isTaken.count && isTaken[id] }

  /// The id of a spelling.
  func id(of spelling: some Collection<UInt8>) -> Int32? {
    let slot = slot(of: spelling, hash: hash(of: spelling))
    return slots[slot] == Self.empty ? nil : ids[entry(in: slot)]
  }

  /// Adds a token; returns the error, if there is one.
  mutating func insert(_ spelling: [UInt8], id: Int) -> String? {
    guard id >= 0, id < Self.idLimit else {
      return "an id from 0 to \(Self.idLimit - 1), not \(id)"
    }
    guard !contains(id: id) else { return "every id once, and \(id) comes again" }
    if (count + 1) * 2 > slots.count { grow() }
    let hash = hash(of: spelling)
    let slot = slot(of: spelling, hash: hash)
    guard slots[slot] == Self.empty else {
      return "every token once, and \(String(decoding: spelling, as: UTF8.self)) comes again"
    }
    slots[slot] = hash & Self.hashMask | UInt64(count)
    ids.append(Int32(truncatingIfNeeded: id))
    spellings += spelling
    starts.append(spellings.count)
    if id >= isTaken.count {
      isTaken += repeatElement(false, count: id + 1 - isTaken.count)
    }
    isTaken[id] = true
    return nil
  }

  private func hash(of spelling: some Collection<UInt8>) -> UInt64 {
    var hash = seed
    for byte in spelling { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return hash ^ hash >> 29
  }

  private func slot(of spelling: some Collection<UInt8>, hash: UInt64) -> Int {
    let mark = hash & Self.hashMask
    // The upper half is stored, so the lower half selects the slot.
    var slot = Int(truncatingIfNeeded: hash & ~Self.hashMask) & (slots.count - 1)
    while slots[slot] != Self.empty {
      if slots[slot] & Self.hashMask == mark,
        self.spelling(at: entry(in: slot)).elementsEqual(spelling)
      {
        break
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    return slot
  }

  private func entry(in slot: Int) -> Int { Int(slots[slot] & ~Self.hashMask) }

  private mutating func grow() {
    slots = Array(repeating: Self.empty, count: slots.count * 4)
    for entry in 0..<count {
      let hash = hash(of: spelling(at: entry))
      slots[slot(of: spelling(at: entry), hash: hash)] = hash & Self.hashMask | UInt64(entry)
    }
  }
}
