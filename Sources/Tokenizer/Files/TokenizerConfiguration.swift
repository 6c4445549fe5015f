import Basics
import Diagnostics

/// `tokenizer_config.json`, which names the class of the tokenizer and may add tokens.
struct TokenizerConfiguration {
  private let folder: String
  private let file: String
  private let values: JSONValue
  private let className: String?

  /// The classes that put a token before every prompt unless the file says otherwise.
  private static let classesWithBeginning: Set<String> = [
    "LlamaTokenizer", "LlamaTokenizerFast", "InternLM2Tokenizer", "InternLM2TokenizerFast",
  ]

  /// Reads the file of a folder, which may be missing.
  ///
  /// - Parameter usualClass: the class where the file names none.
  /// - Throws: `tokenizer.file-damaged`.
  init(_ folder: String, usualClass: String?) throws(Failure) {
    self.folder = folder
    file = "\(folder)/tokenizer_config.json"
    var values = JSONValue.object([:])
    if let bytes = try FileBytes.read(file) {
      do throws(FormatProblem) {
        values = try JSONValue.read(bytes, code: .tokenizerFileDamaged)
      } catch {
        throw FileComplaint.damaged(file, error)
      }
    }
    guard case .object = values else { throw FileComplaint.damaged(file, "an object") }
    self.values = values
    className = values["tokenizer_class"]?.string ?? usualClass
  }

  /// How the class splits text.
  ///
  /// - Throws: `tokenizer.unsupported` for a class that `vocab.json` and `merges.txt` do not describe.
  func pattern() throws(Failure) -> PreTokenizer.Pattern {
    let classes: [(name: String, pattern: PreTokenizer.Pattern)] = [
      ("Qwen2Tokenizer", .letters), ("Qwen3_5Tokenizer", .lettersAndMarks),
    ]
    let known = classes.first { className == $0.name || className == $0.name + "Fast" }
    try FileComplaint.require(
      known != nil && values["add_prefix_space"]?.truth != true, file,
      "the class \(className ?? "")",
      "Qwen2Tokenizer or Qwen3_5Tokenizer without “add_prefix_space”")
    return known?.pattern ?? .letters
  }

  /// - Throws: `tokenizer.unsupported` for a class that changes what `tokenizer.model` describes.
  func requireSentencePiece() throws(Failure) {
    try FileComplaint.require(
      Self.classesWithBeginning.contains(className ?? ""), file, "the class \(className ?? "")",
      "InternLM2Tokenizer or LlamaTokenizer")
    try FileComplaint.require(
      values["legacy"]?.truth != false || className?.hasPrefix("InternLM2") == true, file,
      "“legacy”", "true")
  }

  /// Adds the tokens of `added_tokens.json` and of `added_tokens_decoder`.
  func readAdded(into parts: inout VocabularyParts) throws(Failure) {
    let list = "\(folder)/added_tokens.json"
    if let bytes = try FileBytes.read(list) {
      let special = AddedTokenFiles.specialNames(values)
      try AddedTokenFiles.readList(list, bytes, special: special, into: &parts)
    }
    try AddedTokenFiles.readDecoder(file, values, into: &parts)
  }

  /// Sets the token that prompts begin with where the class decides about it, not `tokenizer.json`.
  ///
  /// - Throws: `tokenizer.file-damaged` where the vocabulary lacks it, `tokenizer.unsupported`.
  func setBeginning(of parts: inout VocabularyParts) throws(Failure) {
    guard Self.classesWithBeginning.contains(className ?? "") else { return }
    try FileComplaint.require(
      values["add_eos_token"]?.truth != true, file, "“add_eos_token”", "false")
    parts.beginning = []
    guard values["add_bos_token"]?.truth ?? true else { return }
    let name = values["bos_token"]?.string ?? values["bos_token"]?["content"]?.string ?? "<s>"
    guard
      let id = parts.added.first(where: { $0.content == name })?.id
        ?? parts.tokens.id(of: Array(name.utf8))
    else { throw FileComplaint.damaged(file, "“bos_token” to be in the vocabulary, not “\(name)”") }
    parts.beginning = [id]
  }
}
