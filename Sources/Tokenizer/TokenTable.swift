import Diagnostics

/// The tokens of a vocabulary in the spelling of its file, found by that spelling while merges are
/// read.
struct TokenTable {
  // Room for ids in tables that are indexed by them; the largest vocabularies have 262,144.
  static let idLimit = 1 << 22

  private var spellings: [UInt8] = []
  private var starts: [Int] = [0]
  private(set) var ids: [Int32] = []
  private var slots = [Int32](repeating: -1, count: 1 << 12)
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
  func id(of spelling: [UInt8]) -> Int32? {
    let entry = slots[slot(of: spelling)]
    return entry < 0 ? nil : ids[Int(entry)]
  }

  /// Adds a token and returns what is wrong with it, if anything is.
  mutating func insert(_ spelling: [UInt8], id: Int) -> String? {
    guard id >= 0, id < Self.idLimit else {
      return "an id from 0 to \(Self.idLimit - 1), not \(id)"
    }
    guard !contains(id: id) else { return "every id once, and \(id) comes again" }
    if (count + 1) * 2 > slots.count { grow() }
    let slot = slot(of: spelling)
    guard slots[slot] < 0 else {
      return "every token once, and \(String(decoding: spelling, as: UTF8.self)) comes again"
    }
    slots[slot] = Int32(truncatingIfNeeded: count)
    ids.append(Int32(truncatingIfNeeded: id))
    spellings += spelling
    starts.append(spellings.count)
    if id >= isTaken.count {
      isTaken += repeatElement(false, count: id + 1 - isTaken.count)
    }
    isTaken[id] = true
    return nil
  }

  private func slot(of spelling: some Collection<UInt8>) -> Int {
    var hash = seed
    for byte in spelling { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    hash ^= hash >> 32
    var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[slot] >= 0, !matches(Int(slots[slot]), spelling) {
      slot = (slot + 1) & (slots.count - 1)
    }
    return slot
  }

  private func matches(_ entry: Int, _ spelling: some Collection<UInt8>) -> Bool {
    starts[entry + 1] - starts[entry] == spelling.count
      && self.spelling(at: entry).elementsEqual(spelling)
  }

  private mutating func grow() {
    slots = Array(repeating: -1, count: slots.count * 4)
    for entry in 0..<count {
      slots[slot(of: spelling(at: entry))] = Int32(truncatingIfNeeded: entry)
    }
  }
}
