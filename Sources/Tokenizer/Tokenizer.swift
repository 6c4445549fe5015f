import Diagnostics

/// Converts text to the token ids of a language model, and back: byte-level BPE as in Qwen2 and Qwen3.5, or SentencePiece's
/// BPE as in Llama and InternLM2.
///
/// The ids are those of the `tokenizers` and `sentencepiece` libraries, for any text.
public struct Tokenizer: Sendable {
  /// The tokens added to the vocabulary, by ascending id.
  public let addedTokens: [AddedToken]
  /// The number of different ids: the vocabulary's, and those of added tokens that are not in it.
  public let vocabularyCount: Int
  /// One more than the largest id; a model needs at least this many rows of embeddings.
  public let idBound: Int

  /// The ids that a prompt begins with; usually none.
  public let beginning: [Int32]

  let kind: TokenizerKind
  let encoder: any TextEncoder
  private let addedIDs: [String: Int32]
  private let isSpecial: [Bool]
  private let isAdded: [Bool]
  // The bytes of token i are decoded[starts[i]..<starts[i + 1]]; unused ids have none.
  private let decoded: [UInt8]
  private let starts: [Int]

  /// Loads `tokenizer.json`, or `vocab.json` and `merges.txt`, or `tokenizer.model`, from a checkpoint's
  /// folder.
  ///
  /// Throws `.modelUnusable` with a code of `tokenizer.files-missing`, `tokenizer.file-unreadable`,
  /// `tokenizer.file-damaged` or `tokenizer.unsupported`.
  public init(folder path: String) throws(Failure) {
    try self.init(try TokenizerFolder.read(path), from: path)
  }

  /// A vocabulary that is listed, as in GGUF files.
  ///
  /// Throws `.modelUnusable` with a code of `tokenizer.file-damaged` or `tokenizer.unsupported`.
  ///
  /// - Parameter path: the file that lists it, for messages.
  public init(_ vocabulary: ListedVocabulary, from path: String) throws(Failure) {
    try self.init(try vocabulary.parts(path), from: path)
  }

  /// A vocabulary of the 256 bytes and some special tokens, for models without tokenizer files.
  ///
  /// Throws `.modelUnusable` where two special tokens have one id or an id is out of range.
  public init(bytesAnd special: [String: Int32]) throws(Failure) {
    var parts = VocabularyParts()
    let taken = Set(special.values)
    var next = 0
    for character in ByteAlphabet.characters {
      while taken.contains(Int32(next)) { next += 1 }
      var spelling: [UInt8] = []
      UTF8Scalars.append(character, to: &spelling)
      _ = parts.tokens.insert(spelling, id: next)
      next += 1
    }
    for (content, id) in special.sorted(by: { $0.value < $1.value }) {
      try parts.addToken(content, id: Int(id), isSpecial: true, from: "special tokens")
    }
    try self.init(parts, from: "special tokens")
  }

  private init(_ parts: VocabularyParts, from path: String) throws(Failure) {
    let tokens = parts.tokens
    kind = parts.kind
    encoder = try Self.encoder(parts, path)
    beginning = parts.beginning
    addedTokens = parts.added.sorted { $0.id < $1.id }
    addedIDs = Dictionary(addedTokens.map { ($0.content, $0.id) }) { first, _ in first }
    let bound = max(tokens.idBound, addedTokens.last.map { Int($0.id) + 1 } ?? 0)
    idBound = bound
    vocabularyCount =
      tokens.count + addedTokens.count { !tokens.contains(id: Int($0.id)) }

    var isSpecial = [Bool](repeating: false, count: bound)
    var entries = [Int](repeating: -1, count: bound)
    for (entry, id) in tokens.ids.enumerated() { entries[Int(id)] = entry }
    var added: [Int: AddedToken] = [:]
    for token in addedTokens {
      added[Int(token.id)] = token
      isSpecial[Int(token.id)] = token.isSpecial
    }
    var decoded: [UInt8] = []
    var starts = [0]
    starts.reserveCapacity(bound + 1)
    for id in 0..<bound {
      if let token = added[id] {
        kind.appendBytes(of: Array(token.content.utf8)[...], to: &decoded)
      } else if entries[id] >= 0 {
        kind.appendBytes(of: tokens.spelling(at: entries[id]), to: &decoded)
      }
      starts.append(decoded.count)
    }
    self.isSpecial = isSpecial
    isAdded = (0..<bound).map { added[$0] != nil }
    self.decoded = decoded
    self.starts = starts
  }

  private static func encoder(
    _ parts: VocabularyParts, _ path: String
  ) throws(Failure) -> any TextEncoder {
    switch parts.kind {
    case .byteLevel(let pattern):
      let spellings = ByteAlphabet.characters.map { character in
        var spelling: [UInt8] = []
        UTF8Scalars.append(character, to: &spelling)
        return spelling
      }
      return ByteLevelEncoder(
        pattern: pattern, byteTokens: try byteTokens(spellings, parts.tokens, path),
        merger: PairMerger(table: parts.merges))
    case .sentencePiece(var settings):
      settings.unreachable.formUnion(parts.excluded)
      let spellings = (UInt8.min...UInt8.max).map(SentencePieceSettings.spelling)
      return SentencePieceEncoder(
        parts.tokens, parts.merges, byteTokens: try byteTokens(spellings, parts.tokens, path),
        parts: parts.partialCharacters, settings)
    }
  }

  /// The token of every byte, from their spellings.
  private static func byteTokens(
    _ spellings: [[UInt8]], _ tokens: TokenTable, _ path: String
  ) throws(Failure) -> [UInt32] {
    var result: [UInt32] = []
    for (byte, spelling) in spellings.enumerated() {
      guard let id = tokens.id(of: spelling) else {
        throw Failure(
          .modelUnusable, code: .tokenizerFileDamaged,
          "the vocabulary in \(path) has no token for the byte \(byte), "
            + "“\(String(decoding: spelling, as: UTF8.self))”; expected one for each of the 256",
          remedy: "Fetch the checkpoint again.")
      }
      result.append(UInt32(bitPattern: id))
    }
    return result
  }

  /// The ids of a text, which is never searched for special tokens: `<|im_end|>` in it is only ten
  /// characters.
  ///
  /// - Parameter isBeginning: whether nothing comes before it in the prompt. Some tokenizers put a space
  ///   before the first text only.
  public func encode(_ text: String, isBeginning: Bool = true) -> [Int32] {
    var ids: [Int32] = []
    encoder.append(Array(text.utf8), isBeginning: isBeginning, to: &ids)
    return ids
  }

  /// The ids of bytes that should be UTF-8; invalid bytes are replaced by U+FFFD first.
  public func encode(utf8 bytes: some Collection<UInt8>) -> [Int32] {
    encode(String(decoding: bytes, as: UTF8.self))
  }

  /// Whether a space at the beginning of a decoded text is left out, because some tokenizers put one there.
  public var stripsFirstSpace: Bool { kind.stripsFirstSpace }

  /// The id of an added token by its exact text, or `nil` where there is no such token.
  public func id(ofSpecial content: String) -> Int32? {
    addedIDs[content]
  }

  /// The text of ids; unknown ids are skipped. Bytes that are not UTF-8 become U+FFFD: in byte-level BPE a
  /// cut character as a whole, as in the `tokenizers` library, with SentencePiece each byte by itself, as in
  /// the `sentencepiece` library.
  public func decode(_ ids: [Int32], skipSpecial: Bool) -> String {
    var bytes: [UInt8] = []
    for id in ids { appendBytes(of: id, skipSpecial: skipSpecial, to: &bytes) }
    return kind.text(kind.stripsFirstSpace && bytes.first == 0x20 ? bytes.dropFirst() : bytes[...])
  }

  /// The bytes of a token that texts are made of; none for added tokens and unknown ids.
  public func bytes(ofTextToken id: Int32) -> ArraySlice<UInt8> {
    let index = Int(id)
    guard index >= 0, index < idBound, !isAdded[index] else { return [] }
    return decoded[starts[index]..<starts[index + 1]]
  }

  func appendBytes(of id: Int32, skipSpecial: Bool, to bytes: inout [UInt8]) {
    let id = Int(id)
    guard id >= 0, id < idBound, !(skipSpecial && isSpecial[id]) else { return }
    bytes += decoded[starts[id]..<starts[id + 1]]
  }
}
