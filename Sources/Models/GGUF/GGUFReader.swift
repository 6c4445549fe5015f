import Basics
import Checkpoint
import Diagnostics
import FoundationEssentials
import Tokenizer

/// A model in GGUF while a family translates it: looks up keys and tensors, and collects the translation.
///
/// The image encoder's keys are `clip.vision.…` in a file of its own, as llama.cpp's converter writes them,
/// or `ARCHITECTURE.vision.…` beside the language model's, as Ollama's does.
package struct GGUFReader {
  /// The files of the language model.
  package let text: GGUFFiles
  /// The files of the image encoder; `nil` where the language model's hold it.
  package let projector: GGUFFiles?
  /// The name of the architecture, such as `qwen3vl`.
  package let architecture: String
  /// The kind of projector, such as `qwen3vl_merger`; `nil` without a file of its own.
  package let projectorType: String?
  /// What has been translated so far.
  package var translation = GGUFTranslation()

  /// The most layers of a part; the deepest models in use have about a hundred.
  private static let layerLimit = 1024

  /// A model whose files have been opened.
  ///
  /// - Throws: `model.gguf` where the file names no architecture, `checkpoint.gguf-value`.
  init(text: GGUFFiles, projector: GGUFFiles?) throws(Failure) {
    self.text = text
    self.projector = projector
    guard let architecture = try text.metadata.text("general.architecture") else {
      throw Self.missing(text.path, "general.architecture")
    }
    self.architecture = architecture
    let named = try projector?.metadata.text("clip.projector_type")
    // Files with more than one encoder name the kind of each.
    let own = try projector?.metadata.text("clip.vision.projector_type")
    projectorType = named ?? own
  }

  /// Whether the language model's file also holds the image encoder.
  var holdsBoth: Bool { text.metadata.contains("\(architecture).vision.block_count") }

  /// A whole number of the language model.
  ///
  /// - Throws: `model.gguf` where it is missing, `checkpoint.gguf-value`.
  package func integer(_ key: String) throws(Failure) -> Int {
    guard let value = try text.metadata.integer("\(architecture).\(key)") else {
      throw Self.missing(text.path, "\(architecture).\(key)")
    }
    return value
  }

  /// A whole number of the language model; `nil` where it is missing.
  package func optionalInteger(_ key: String) throws(Failure) -> Int? {
    try text.metadata.integer("\(architecture).\(key)")
  }

  /// A number of the language model; `nil` where it is missing.
  package func number(_ key: String) throws(Failure) -> Double? {
    try text.metadata.number("\(architecture).\(key)")
  }

  /// Whole numbers of the language model, by the first of these keys that there is.
  package func integers(_ keys: String...) throws(Failure) -> [Int]? {
    for key in keys {
      if let value = try text.metadata.integers("\(architecture).\(key)") { return value }
    }
    return nil
  }

  /// The metadata and the prefix of keys of the image encoder.
  private var vision: (metadata: GGUFMetadata, path: String, prefix: String) {
    if let projector { return (projector.metadata, projector.path, "clip.vision.") }
    return (text.metadata, text.path, "\(architecture).vision.")
  }

  /// A whole number of the image encoder.
  ///
  /// - Throws: as `integer(_:)`.
  package func visionInteger(_ key: String) throws(Failure) -> Int {
    guard let value = try optionalVisionInteger(key) else {
      throw Self.missing(vision.path, vision.prefix + key)
    }
    return value
  }

  /// A whole number of the image encoder, by the first of these keys that there is; `nil` where all are
  /// missing.
  package func optionalVisionInteger(_ keys: String...) throws(Failure) -> Int? {
    for key in keys {
      if let value = try vision.metadata.integer(vision.prefix + key) { return value }
    }
    return nil
  }

  /// A number of the image encoder; `nil` where it is missing.
  package func visionNumber(_ key: String) throws(Failure) -> Double? {
    try vision.metadata.number(vision.prefix + key)
  }

  /// Whole numbers of the image encoder; `nil` where they are missing.
  package func visionIntegers(_ key: String) throws(Failure) -> [Int]? {
    try vision.metadata.integers(vision.prefix + key)
  }

  /// Numbers of the image encoder; `nil` where they are missing.
  package func visionNumbers(_ key: String) throws(Failure) -> [Double]? {
    try vision.metadata.numbers(vision.prefix + key)
  }

  /// Truth values of the image encoder; `nil` where they are missing.
  package func visionTruths(_ key: String) throws(Failure) -> [Bool]? {
    try vision.metadata.truths(vision.prefix + key)
  }

  /// Layers of the language model or of the image encoder, from a number of a file.
  ///
  /// - Throws: `model.gguf` where there would be none or too many.
  package func layers(_ count: Int, _ key: String) throws(Failure) -> Range<Int> {
    guard (1...Self.layerLimit).contains(count) else {
      throw Failure(
        .modelUnusable, code: .modelGGUF,
        "\(text.path): “\(key)” is \(count), expected 1 to \(Self.layerLimit)",
        remedy: "Download the file again, or another release.")
    }
    return 0..<count
  }

  /// A tensor of the image encoder's files or of the language model's.
  package func tensor(_ name: String) -> GGUFTensor? {
    projector?.tensor(name) ?? text.tensor(name)
  }

  /// The first extent of a tensor, such as the rows of a table.
  ///
  /// - Throws: `model.gguf` where it is missing.
  package func rows(_ names: String...) throws(Failure) -> Int {
    for name in names {
      if let rows = tensor(name)?.shape.first { return rows }
    }
    throw Failure(
      .modelUnusable, code: .modelGGUF,
      "\((projector ?? text).path): no tensor “\(names.first ?? "")”",
      remedy: "Convert the model again with a current llama.cpp, or download another release.")
  }

  /// Adds a tensor under the name of a Hugging Face folder: the first of these that there is.
  package mutating func add(_ name: String, _ candidates: String...) {
    for candidate in candidates {
      if let tensor = tensor(candidate) { return translation.add(name, GGUFRecipe(tensor)) }
    }
    translation.expect(name, as: candidates.first ?? name)
  }

  /// Adds weights and bias.
  package mutating func addLinear(_ name: String, _ candidates: String...) {
    for part in [".weight", ".bias"] {
      let found = candidates.first { tensor($0 + part) != nil }
      add(name + part, (found ?? candidates.first ?? name) + part)
    }
  }

  /// Adds weights and bias that are one in a Hugging Face folder and may be several in the file.
  package mutating func addStacked(_ name: String, whole: String, parts: [String]) {
    for kind in [".weight", ".bias"] {
      let tensors = parts.compactMap { tensor($0 + kind) }
      if tensor(whole + kind) == nil, tensors.count == parts.count,
        let recipe = GGUFRecipe(stacking: tensors)
      {
        translation.add(name + kind, recipe)
      } else {
        add(name + kind, whole + kind)
      }
    }
  }

  /// Writes a file of the Hugging Face folder.
  package mutating func write(_ name: String, _ value: JSONValue) throws(Failure) {
    translation.files[name] = Data(try JSONText.encode(value).utf8)
  }

  /// The error of a key that is missing.
  static func missing(_ path: String, _ key: String) -> Failure {
    Failure(
      .modelUnusable, code: .modelGGUF, "\(path): no key “\(key)”",
      remedy: "Convert the model again with a current llama.cpp, or download another release.")
  }
}
