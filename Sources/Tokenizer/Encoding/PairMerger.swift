/// Merges pairs of symbols: always the pair with the lowest rank, the leftmost first.
struct PairMerger: Sendable {
  let table: MergeTable

  // Up to this many symbols, searching all pairs again after each merge is faster than a heap.
  static let shortCount = 32

  /// Merges all that can be merged.
  ///
  /// - Parameter pairs: working memory that is reused from call to call.
  func merge(_ symbols: inout [UInt32], _ pairs: inout [UInt64]) {
    if symbols.count <= Self.shortCount {
      mergeShort(&symbols, &pairs)
    } else {
      mergeLong(&symbols)
    }
  }

  func mergeShort(_ symbols: inout [UInt32], _ pairs: inout [UInt64]) {
    pairs.removeAll(keepingCapacity: true)
    guard symbols.count > 1 else { return }
    for index in 1..<symbols.count {
      pairs.append(table[symbols[index - 1], symbols[index]])
    }
    while true {
      var best = MergeTable.none
      var place = 0
      for (index, pair) in pairs.enumerated() where pair >> 32 < best >> 32 {
        best = pair
        place = index
      }
      if best == MergeTable.none { break }
      symbols[place] = UInt32(truncatingIfNeeded: best)
      symbols.remove(at: place + 1)
      pairs.remove(at: place)
      if place > 0 { pairs[place - 1] = table[symbols[place - 1], symbols[place]] }
      if place < pairs.count { pairs[place] = table[symbols[place], symbols[place + 1]] }
    }
  }

  /// The same in n log n: a heap of ranks and positions over a linked list of symbols.
  func mergeLong(_ symbols: inout [UInt32]) {
    let count = symbols.count
    guard count > 1 else { return }
    var following = Array(1...count)
    var preceding = Array(-1..<(count - 1))
    var alive = [Bool](repeating: true, count: count)
    var start: [UInt64] = []
    start.reserveCapacity(count)
    // Positions are in the lower half; a single text of more than 4 GiB would not fit any machine.
    let rankMask: UInt64 = 0xFFFF_FFFF_0000_0000
    func entry(_ pair: UInt64, at place: Int) -> UInt64 {
      pair & rankMask | UInt64(truncatingIfNeeded: place) & ~rankMask
    }
    for place in 0..<count - 1 {
      let pair = table[symbols[place], symbols[place + 1]]
      if pair != MergeTable.none { start.append(entry(pair, at: place)) }
    }
    var heap = MinimumHeap(start)
    while let top = heap.pop() {
      let place = Int(top & ~rankMask)
      guard alive[place] else { continue }
      let right = following[place]
      guard right < count else { continue }
      let pair = table[symbols[place], symbols[right]]
      // The neighbors may have changed since the entry was made.
      guard pair != MergeTable.none, pair & rankMask == top & rankMask else { continue }
      symbols[place] = UInt32(truncatingIfNeeded: pair)
      alive[right] = false
      let next = following[right]
      following[place] = next
      if next < count {
        preceding[next] = place
        let pair = table[symbols[place], symbols[next]]
        if pair != MergeTable.none { heap.push(entry(pair, at: place)) }
      }
      let before = preceding[place]
      if before >= 0 {
        let pair = table[symbols[before], symbols[place]]
        if pair != MergeTable.none { heap.push(entry(pair, at: before)) }
      }
    }
    var kept = 0
    var place = 0
    while place < count {
      symbols[kept] = symbols[place]
      kept += 1
      place = following[place]
    }
    symbols.removeSubrange(kept...)
  }
}
