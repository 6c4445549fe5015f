import Checkpoint
import Diagnostics
import Tokenizer

/// The tokenizer that a GGUF file lists under `tokenizer.ggml.`.
struct GGUFVocabulary {
  /// The most tokens and the most merges: four times those of the largest vocabularies.
  private static let limit = 1 << 20

  private let path: String
  private let metadata: GGUFMetadata
  private let tokens: [[UInt8]]

  /// Reads the list of tokens.
  ///
  /// - Throws: `model.gguf` where there is none, `checkpoint.gguf-value`.
  init(_ files: GGUFFiles) throws(Failure) {
    path = files.path
    metadata = files.metadata
    guard let tokens = try metadata.texts("tokenizer.ggml.tokens", limit: Self.limit) else {
      throw GGUFReader.missing(path, "tokenizer.ggml.tokens")
    }
    self.tokens = tokens
  }

  /// The id of a token by its text.
  func id(of name: String) -> Int? { tokens.firstIndex { $0.elementsEqual(name.utf8) } }

  /// The whole vocabulary.
  ///
  /// - Throws: as `init(_:)`.
  func listed() throws(Failure) -> ListedVocabulary {
    func text(_ key: String) throws(Failure) -> String {
      guard let value = try metadata.text("tokenizer.ggml.\(key)") else {
        throw GGUFReader.missing(path, "tokenizer.ggml.\(key)")
      }
      return value
    }
    var kinds: [ListedVocabulary.Kind] = []
    for number in try metadata.integers("tokenizer.ggml.token_type") ?? [] {
      guard let kind = ListedVocabulary.Kind(rawValue: number) else {
        throw Failure(
          .modelUnusable, code: .modelGGUF,
          "\(path): “tokenizer.ggml.token_type” has the unknown type \(number)",
          remedy: "Convert the model again with a current llama.cpp, or download another release.")
      }
      kinds.append(kind)
    }
    let begins = try metadata.truth("tokenizer.ggml.add_bos_token") ?? false
    return ListedVocabulary(
      tokens: tokens, kinds: kinds,
      merges: try metadata.texts("tokenizer.ggml.merges", limit: Self.limit) ?? [],
      model: try text("model"), splitting: try text("pre"),
      beginning: begins ? try metadata.integer("tokenizer.ggml.bos_token_id") : nil)
  }
}
