/// Merges the bytes of a piece into tokens: always the pair with the lowest rank, the leftmost first.
struct BytePairEncoder: Sendable {
  /// The token of every byte.
  let byteTokens: [UInt32]
  let merges: MergeTable

  // Below this many bytes, searching all pairs again after each merge is faster than a heap.
  static let shortLength = 32

  /// Working memory that is reused from piece to piece.
  struct Scratch {
    fileprivate var symbols: [UInt32] = []
    fileprivate var pairs: [UInt64] = []
  }

  /// Appends the tokens of a range of bytes.
  func append(
    _ range: Range<Int>, of text: [UInt8], to ids: inout [Int32], _ scratch: inout Scratch
  ) {
    if range.count == 1 {
      ids.append(Int32(bitPattern: byteTokens[Int(text[range.lowerBound])]))
    } else if range.count <= Self.shortLength {
      appendShort(range, of: text, to: &ids, &scratch)
    } else {
      appendLong(range, of: text, to: &ids)
    }
  }

  func appendShort(
    _ range: Range<Int>, of text: [UInt8], to ids: inout [Int32], _ scratch: inout Scratch
  ) {
    scratch.symbols.removeAll(keepingCapacity: true)
    scratch.pairs.removeAll(keepingCapacity: true)
    for index in range { scratch.symbols.append(byteTokens[Int(text[index])]) }
    for index in 1..<scratch.symbols.count {
      scratch.pairs.append(merges[scratch.symbols[index - 1], scratch.symbols[index]])
    }
    while true {
      var best = MergeTable.none
      var place = 0
      for (index, pair) in scratch.pairs.enumerated() where pair < best {
        best = pair
        place = index
      }
      if best == MergeTable.none { break }
      scratch.symbols[place] = UInt32(truncatingIfNeeded: best)
      scratch.symbols.remove(at: place + 1)
      scratch.pairs.remove(at: place)
      if place > 0 {
        scratch.pairs[place - 1] = merges[scratch.symbols[place - 1], scratch.symbols[place]]
      }
      if place < scratch.pairs.count {
        scratch.pairs[place] = merges[scratch.symbols[place], scratch.symbols[place + 1]]
      }
    }
    for symbol in scratch.symbols { ids.append(Int32(bitPattern: symbol)) }
  }

  /// The same in n log n: a heap of ranks and positions over a linked list of symbols.
  func appendLong(_ range: Range<Int>, of text: [UInt8], to ids: inout [Int32]) {
    let count = range.count
    var symbols = range.map { byteTokens[Int(text[$0])] }
    var following = Array(1...count)
    var preceding = Array(-1..<(count - 1))
    var alive = [Bool](repeating: true, count: count)
    var start: [UInt64] = []
    start.reserveCapacity(count)
    // Positions are in the lower half; a single piece of more than 4 GiB would not fit any machine.
    let rankMask: UInt64 = 0xFFFF_FFFF_0000_0000
    func entry(_ pair: UInt64, at place: Int) -> UInt64 {
      pair & rankMask | UInt64(truncatingIfNeeded: place) & ~rankMask
    }
    for place in 0..<max(0, count - 1) {
      let pair = merges[symbols[place], symbols[place + 1]]
      if pair != MergeTable.none { start.append(entry(pair, at: place)) }
    }
    var heap = MinimumHeap(start)
    while let top = heap.pop() {
      let place = Int(top & ~rankMask)
      guard alive[place] else { continue }
      let right = following[place]
      guard right < count else { continue }
      let pair = merges[symbols[place], symbols[right]]
      // The neighbors may have changed since the entry was made.
      guard pair != MergeTable.none, pair & rankMask == top & rankMask else { continue }
      symbols[place] = UInt32(truncatingIfNeeded: pair)
      alive[right] = false
      let next = following[right]
      following[place] = next
      if next < count {
        preceding[next] = place
        let pair = merges[symbols[place], symbols[next]]
        if pair != MergeTable.none { heap.push(entry(pair, at: place)) }
      }
      let before = preceding[place]
      if before >= 0 {
        let pair = merges[symbols[before], symbols[place]]
        if pair != MergeTable.none { heap.push(entry(pair, at: before)) }
      }
    }
    var place = 0
    while place < count {
      ids.append(Int32(bitPattern: symbols[place]))
      place = following[place]
    }
  }
}
