import Diagnostics
import FoundationEssentials
import Merging

/// The checked contents of the `config.json` of a Qwen2-VL or Qwen2.5-VL model (HF `Qwen2VLConfig`,
/// `Qwen2_5_VLConfig`).
///
/// Published files are flat: the language model's keys are at the top. Newer ones have them in
/// `text_config`, often besides the flat ones.
package struct Qwen2VLConfiguration: Sendable, Decodable {
  /// The two families of this architecture, by `model_type`.
  package enum Version: String, Sendable {
    /// Qwen2-VL.
    case qwen2 = "qwen2_vl"
    /// Qwen2.5-VL: windows of attention, root-mean-square norms and gates in the image encoder, and
    /// absolute time in positions.
    case qwen25 = "qwen2_5_vl"
  }

  /// The family.
  package let version: Version
  /// The language model.
  package let text: Text
  /// The image encoder.
  package let vision: Vision
  /// `<|image_pad|>`.
  package let imageTokenID: Int32
  /// `<|video_pad|>`.
  package let videoTokenID: Int32
  /// Whether the output layer shares the embedding's weights.
  package let tiesEmbeddings: Bool

  private enum CodingKeys: String, CodingKey {
    case modelType = "model_type"
    case text = "text_config"
    case vision = "vision_config"
    case imageTokenID = "image_token_id"
    case videoTokenID = "video_token_id"
    case tiesEmbeddings = "tie_word_embeddings"
  }

  /// Decodes; `parse` does the checks.
  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    version = Version(rawValue: try values.decode(String.self, forKey: .modelType)) ?? .qwen2
    let nested = try values.decodeIfPresent(Text.Keys.self, forKey: .text)
    text = try Text(nested: nested, flat: try Text.Keys(from: decoder))
    vision = Vision(try values.decode(Vision.Keys.self, forKey: .vision), version)
    // The ids of the published models.
    imageTokenID = try values.decodeIfPresent(Int32.self, forKey: .imageTokenID) ?? 151_655
    videoTokenID = try values.decodeIfPresent(Int32.self, forKey: .videoTokenID) ?? 151_656
    // The outer value takes precedence; files that Transformers 4.57 wrote have it in the text part only.
    tiesEmbeddings =
      try values.decodeIfPresent(Bool.self, forKey: .tiesEmbeddings)
      ?? nested?.tie_word_embeddings ?? false
  }

  /// Reads and checks the bytes of a `config.json`.
  ///
  /// - Parameters:
  ///   - data: the file's contents.
  ///   - file: its path, for messages.
  /// - Throws: `model.config` naming the key and what was expected.
  package static func parse(
    _ data: Data, file: String
  ) throws(Failure) -> Qwen2VLConfiguration {
    let configuration = try ConfigurationFile.decode(Qwen2VLConfiguration.self, data, file: file)
    if let problem = configuration.problem {
      throw Failure(
        .modelUnusable, code: .modelConfig, "\(file): \(problem)",
        remedy: "Use the config.json that came with the weights.")
    }
    return configuration
  }

  /// The layers of the authors' code for Qwen2-VL 7B. They published none for Qwen2.5-VL, nor were other
  /// layers measured for the profile `tuned`, so both get the same.
  private static let mergeDefaults = MergeTarget.Defaults(
    vision: MergeTarget.Layers([12, 13, 14, 15], of: 32, isScaled: true),
    tunedVision: MergeTarget.Layers([12, 13, 14, 15], of: 32, isScaled: true),
    text: MergeTarget.Layers([6, 7, 8], of: 28, isScaled: true))

  /// The model's numbers.
  var shape: ModelShape {
    ModelShape(
      vision: VisionShape(
        depth: vision.depth, hiddenSize: vision.hiddenSize,
        intermediateSize: vision.intermediateSize, hasGate: version == .qwen25,
        heads: vision.heads, patchSize: vision.patchSize,
        patchFrames: vision.temporalPatchSize, mergeSize: vision.mergeSize,
        outputSize: vision.outputSize, windows: vision.windows),
      text: TextShape(
        layers: text.layers, hiddenSize: text.hiddenSize,
        intermediateSize: text.intermediateSize, heads: text.heads,
        keyValueHeads: text.keyValueHeads, headSize: text.headSize,
        vocabularySize: text.vocabularySize, maxPositions: text.maxPositions),
      mergeDefaults: Self.mergeDefaults, published: .none)
  }

  /// The chat format's special tokens, with ids where the configuration sets them.
  var specialTokens: [(name: String, id: Int32?)] {
    [("<|image_pad|>", imageTokenID), ("<|video_pad|>", videoTokenID)]
      + ChatFormat.names.map { ($0, nil) }
  }

  private var problem: String? {
    if let problem = text.problem { return problem }
    if let problem = vision.problem { return "vision_config: \(problem)" }
    if vision.outputSize != text.hiddenSize {
      return "the image encoder gives tokens of \(vision.outputSize) numbers, "
        + "but the language model's hidden_size is \(text.hiddenSize)"
    }
    for (name, id) in [("image_token_id", imageTokenID), ("video_token_id", videoTokenID)]
    where id < 0 || Int(id) >= text.vocabularySize {
      return "\(name) \(id) is outside the vocabulary of \(text.vocabularySize)"
    }
    return nil
  }
}
