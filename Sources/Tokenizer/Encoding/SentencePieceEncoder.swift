/// SentencePiece's BPE: spaces become U+2581, and the characters of the whole text are merged. Characters
/// without a token are spelled by their bytes (SentencePiece `bpe_model.cc`; HF `LlamaTokenizerFast`).
struct SentencePieceEncoder: TextEncoder {
  private let merger: PairMerger
  private let settings: SentencePieceSettings
  /// The token of every byte.
  private let byteTokens: [UInt32]
  /// The symbols of single characters, by scalar.
  private let characters: [UInt32: UInt32]
  /// The longest text in `settings.whole`, in bytes, and the bytes that such texts begin with.
  private let longest: Int
  private let leads: Set<UInt8>

  /// Marks the symbol of a character that is part of tokens but none itself. It can be merged; where it is
  /// left over, its bytes are written.
  private static let part: UInt32 = 0x8000_0000

  /// The symbol of a character that is not a token.
  static func symbol(ofPart scalar: UInt32) -> UInt32 { part | scalar }

  /// - Parameters:
  ///   - parts: characters that are part of tokens but none themselves.
  init(
    _ tokens: TokenTable, _ merges: MergeTable, byteTokens: [UInt32], parts: Set<UInt32>,
    _ settings: SentencePieceSettings
  ) {
    var characters: [UInt32: UInt32] = [:]
    for scalar in parts { characters[scalar] = Self.symbol(ofPart: scalar) }
    for (entry, id) in tokens.ids.enumerated() where !settings.unreachable.contains(id) {
      let spelling = Array(tokens.spelling(at: entry).prefix(5))
      guard !spelling.isEmpty else { continue }
      let (scalar, length) = UTF8Scalars.scalar(in: spelling, at: 0)
      if length == spelling.count { characters[scalar] = UInt32(bitPattern: id) }
    }
    self.characters = characters
    self.byteTokens = byteTokens
    self.settings = settings
    merger = PairMerger(table: merges)
    longest = settings.whole.keys.map(\.count).max() ?? 0
    leads = Set(settings.whole.keys.compactMap(\.first))
  }

  func append(_ text: [UInt8], isBeginning: Bool, to ids: inout [Int32]) {
    guard !text.isEmpty else { return }
    let text = prepared(text, isBeginning: isBeginning)
    ids.reserveCapacity(ids.count + text.count / 4 + 4)
    var symbols: [UInt32] = []
    var pairs: [UInt64] = []
    var index = 0
    while index < text.count {
      if let (id, length) = whole(in: text, at: index) {
        merger.merge(&symbols, &pairs)
        write(symbols, to: &ids)
        symbols.removeAll(keepingCapacity: true)
        ids.append(id)
        index += length
        continue
      }
      let (scalar, length) = UTF8Scalars.scalar(in: text, at: index)
      if let symbol = characters[scalar] {
        symbols.append(symbol)
      } else {
        for place in index..<index + length { symbols.append(byteTokens[Int(text[place])]) }
      }
      index += length
    }
    merger.merge(&symbols, &pairs)
    write(symbols, to: &ids)
  }

  private func prepared(_ text: [UInt8], isBeginning: Bool) -> [UInt8] {
    let space = SentencePieceSettings.space
    let startsWithSpace = text.first == 0x20 || text.starts(with: space)
    var result: [UInt8] = []
    result.reserveCapacity(text.count + text.count / 2 + space.count)
    if settings.prefix.applies(isBeginning: isBeginning, startsWithSpace: startsWithSpace) {
      result += space
    }
    for byte in text {
      if byte == 0x20 { result += space } else { result.append(byte) }
    }
    return result
  }

  /// The longest symbol that stays whole and begins here.
  private func whole(in text: [UInt8], at index: Int) -> (id: Int32, length: Int)? {
    guard longest > 0, leads.contains(text[index]) else { return nil }
    for length in stride(from: min(longest, text.count - index), to: 0, by: -1) {
      if let id = settings.whole[Array(text[index..<index + length])] { return (id, length) }
    }
    return nil
  }

  private func write(_ symbols: [UInt32], to ids: inout [Int32]) {
    for symbol in symbols {
      guard symbol & Self.part != 0 else {
        ids.append(Int32(bitPattern: symbol))
        continue
      }
      var bytes: [UInt8] = []
      UTF8Scalars.append(symbol & ~Self.part, to: &bytes)
      for byte in bytes { ids.append(Int32(bitPattern: byteTokens[Int(byte)])) }
    }
  }
}
