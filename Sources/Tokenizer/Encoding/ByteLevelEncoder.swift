/// Byte-level BPE: text in NFC is cut into pieces, and the bytes of each piece are merged (HF
/// `Qwen2Tokenizer`).
struct ByteLevelEncoder: TextEncoder {
  /// How text is cut.
  let pattern: PreTokenizer.Pattern
  /// The token of every byte.
  let byteTokens: [UInt32]
  let merger: PairMerger

  func append(_ text: [UInt8], isBeginning: Bool, to ids: inout [Int32]) {
    let text = Normalizer.shared.composed(text) ?? text
    // Prose has 4 to 5 bytes per token.
    ids.reserveCapacity(ids.count + text.count / 4 + 4)
    var symbols: [UInt32] = []
    var pairs: [UInt64] = []
    var pieces = PreTokenizer(text, pattern)
    while let piece = pieces.next() {
      if piece.count == 1 {
        ids.append(Int32(bitPattern: byteTokens[Int(text[piece.lowerBound])]))
        continue
      }
      symbols.removeAll(keepingCapacity: true)
      for index in piece { symbols.append(byteTokens[Int(text[index])]) }
      merger.merge(&symbols, &pairs)
      for symbol in symbols { ids.append(Int32(bitPattern: symbol)) }
    }
  }
}
