import Checkpoint
import Diagnostics
import FoundationEssentials
import Synchronization
import Tokenizer

/// The files of a model besides its weights; a model of random weights has only `config.json`.
public struct ModelFiles: Sendable {
  /// The contents of `config.json`.
  package let configuration: Data
  /// Its path, for messages.
  package let path: String
  /// Notes for the user on how the weights are opened; usually none.
  package internal(set) var notes: [String] = []

  let checkpoint: Checkpoint?
  private let known = KnownTokenizer()

  /// The tokenizer once it has been read, so that it is read only once, however often a model is opened.
  private final class KnownTokenizer: Sendable {
    let tokenizer = Mutex<Tokenizer?>(nil)
  }

  /// The files of a checkpoint.
  public init(_ checkpoint: Checkpoint) {
    configuration = checkpoint.configuration
    path = checkpoint.gguf?.text.path ?? checkpoint.folderPath + "/config.json"
    self.checkpoint = checkpoint
    notes = checkpoint.gguf?.translation.notes ?? []
  }

  /// A `config.json` without other files.
  init(configuration: Data, path: String) {
    self.configuration = configuration
    self.path = path
    checkpoint = nil
  }

  /// The tokenizer of the checkpoint. Where it has none, a vocabulary of single bytes and of these
  /// special tokens; those without an id get the lowest free ids.
  ///
  /// - Throws: `modelUnusable` with a `tokenizer.` code.
  package func tokenizer(special: [(name: String, id: Int32?)]) throws(Failure) -> Tokenizer {
    if let tokenizer = known.tokenizer.withLock({ $0 }) { return tokenizer }
    let tokenizer: Tokenizer
    if let checkpoint {
      tokenizer =
        if let gguf = checkpoint.gguf {
          try Tokenizer(GGUFVocabulary(gguf.text).listed(), from: gguf.text.path)
        } else {
          try Tokenizer(folder: checkpoint.folderPath)
        }
    } else {
      var ids = Dictionary(
        special.compactMap { token in token.id.map { (token.name, $0) } }
      ) { first, _ in first }
      var free = Int32(0)
      for token in special where token.id == nil {
        while ids.values.contains(free) { free += 1 }
        ids[token.name] = free
      }
      tokenizer = try Tokenizer(bytesAnd: ids)
    }
    known.tokenizer.withLock { $0 = tokenizer }
    return tokenizer
  }

  /// The ids that end an answer according to `generation_config.json`; none where it names none.
  ///
  /// - Throws: `model.config`.
  package func stopTokens() throws(Failure) -> Set<Int32> {
    guard let checkpoint else { return [] }
    return try StopTokens.read(checkpoint)
  }

  /// Decodes another JSON file of the folder; `nil` where there is none.
  ///
  /// - Throws: `model.config`.
  package func decode<Value: Decodable>(
    _ type: Value.Type, _ name: String
  ) throws(Failure) -> Value? {
    guard let checkpoint, let data = try checkpoint.json(name) else { return nil }
    return try ConfigurationFile.decode(type, data, file: filePath(name))
  }

  /// The settings of a processor and the path they come from, for messages; `nil` where the folder has none.
  ///
  /// - Throws: `model.config`.
  package func decode<Value: Decodable>(
    _ type: Value.Type, _ file: ProcessorFile
  ) throws(Failure) -> (value: Value, path: String)? {
    let shared: Value?
    switch file {
    case .images:
      shared = try decode(
        ProcessorFile.SharedImages<Value>.self, ProcessorFile.sharedName)?.image_processor
    case .videos:
      shared = try decode(
        ProcessorFile.SharedVideos<Value>.self, ProcessorFile.sharedName)?.video_processor
    }
    if let shared { return (shared, filePath(ProcessorFile.sharedName)) }
    return try decode(type, file.name).map { ($0, filePath(file.name)) }
  }

  /// Another file of the folder as text; `nil` where there is none.
  ///
  /// - Throws: `model.config`.
  package func text(_ name: String) throws(Failure) -> String? {
    guard let checkpoint, let data = try checkpoint.json(name) else { return nil }
    guard let text = String(validating: data, as: UTF8.self) else {
      throw Failure(
        .modelUnusable, code: .modelConfig, "\(filePath(name)): not valid UTF-8",
        remedy: "Use the file that came with the weights.")
    }
    return text
  }

  /// The path of a file of the folder, for messages.
  package func filePath(_ name: String) -> String {
    checkpoint.map { $0.gguf.map(\.text.path) ?? "\($0.folderPath)/\(name)" } ?? name
  }

  /// Whether the weights have a tensor of this name.
  package func hasTensor(_ name: String) -> Bool { checkpoint?.contains(name) ?? false }

  /// Whether there are files besides `config.json`.
  package var hasFolder: Bool { checkpoint != nil }
}
