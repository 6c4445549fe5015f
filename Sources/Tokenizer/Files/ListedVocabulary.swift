import Diagnostics

/// A vocabulary as GGUF files list it: every token by its id, the merges in order, and the name of the way
/// that text is split before.
public struct ListedVocabulary: Sendable {
  /// What a token is for (`llama_token_type`).
  public enum Kind: Int, Sendable {
    /// Part of texts.
    case normal = 1
    /// The token of what is in no vocabulary.
    case unknown = 2
    /// A marker of the chat format.
    case control = 3
    /// A text that is one token wherever it stands.
    case userDefined = 4
    /// No token, only a row of the embedding.
    case unused = 5
    /// A single byte.
    case byte = 6
  }

  /// The spellings, by id.
  public var tokens: [[UInt8]]
  /// What each token is for; all are normal where the list is empty.
  public var kinds: [Kind]
  /// The merges: two spellings with a space between.
  public var merges: [[UInt8]]
  /// The name of the vocabulary's model: `gpt2` for byte-level BPE.
  public var model: String
  /// The name of the way that text is split: `qwen2`, `qwen35`.
  public var splitting: String
  /// The id that prompts begin with; usually none.
  public var beginning: Int?

  /// A vocabulary from its parts.
  public init(
    tokens: [[UInt8]], kinds: [Kind], merges: [[UInt8]], model: String, splitting: String,
    beginning: Int? = nil
  ) {
    self.tokens = tokens
    self.kinds = kinds
    self.merges = merges
    self.model = model
    self.splitting = splitting
    self.beginning = beginning
  }

  /// The ways of splitting that are known, by their names in llama.cpp.
  private static let patterns: [String: PreTokenizer.Pattern] = [
    "qwen2": .letters, "qwen35": .lettersAndMarks,
  ]

  /// The vocabulary's parts.
  ///
  /// - Throws: `tokenizer.unsupported` for another model or splitting, `tokenizer.file-damaged`.
  func parts(_ path: String) throws(Failure) -> VocabularyParts {
    try FileComplaint.require(
      model == "gpt2", path, "“tokenizer.ggml.model” “\(model)”", "gpt2 (byte-level BPE)")
    let pattern = Self.patterns[splitting]
    try FileComplaint.require(
      pattern != nil, path, "“tokenizer.ggml.pre” “\(splitting)”",
      Self.patterns.keys.sorted().joined(separator: " or "))
    guard kinds.isEmpty || kinds.count == tokens.count else {
      throw FileComplaint.damaged(
        path, "as many entries in “tokenizer.ggml.token_type” as in “tokenizer.ggml.tokens”")
    }
    var parts = VocabularyParts()
    parts.kind = .byteLevel(pattern ?? .letters)
    var tokens = TokenTable()
    for (id, spelling) in self.tokens.enumerated() where kind(id) == .normal {
      if let complaint = tokens.insert(spelling, id: id) {
        throw FileComplaint.damaged(path, "\(complaint) as token \(id)")
      }
    }
    parts.tokens = tokens
    for (id, spelling) in self.tokens.enumerated() {
      let kind = kind(id)
      guard kind == .control || kind == .userDefined || kind == .unknown else { continue }
      guard let content = String(validating: spelling, as: UTF8.self) else {
        throw FileComplaint.damaged(path, "UTF-8 as token \(id)")
      }
      try parts.addToken(content, id: id, isSpecial: kind != .userDefined, from: path)
    }
    try addMerges(to: &parts, path)
    if let beginning {
      guard self.tokens.indices.contains(beginning) else {
        throw FileComplaint.damaged(path, "a token as “tokenizer.ggml.bos_token_id”")
      }
      parts.beginning = [Int32(beginning)]
    }
    return parts
  }

  private func kind(_ id: Int) -> Kind { kinds.isEmpty ? .normal : kinds[id] }

  private func addMerges(to parts: inout VocabularyParts, _ path: String) throws(Failure) {
    parts.expectMerges(merges.count)
    for merge in merges {
      // Spellings of byte-level BPE have no spaces.
      guard let space = merge.firstIndex(of: 0x20) else {
        throw FileComplaint.damaged(path, "merges of two tokens")
      }
      if let complaint = parts.addMerge(
        Array(merge[..<space]), Array(merge[(space + 1)...]))
      {
        throw FileComplaint.damaged(path, complaint)
      }
    }
  }
}
