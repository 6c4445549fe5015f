import Diagnostics
import FoundationEssentials
import Merging

/// The checked contents of a Qwen3-VL model's `config.json` (HF `Qwen3VLConfig`).
package struct Qwen3VLConfiguration: Sendable, Decodable {
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
    case text = "text_config"
    case vision = "vision_config"
    case imageTokenID = "image_token_id"
    case videoTokenID = "video_token_id"
    case tiesEmbeddings = "tie_word_embeddings"
  }

  private struct TextTies: Decodable {
    let tie_word_embeddings: Bool?
  }

  /// Decodes; `parse` does the checks.
  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    text = try values.decode(Text.self, forKey: .text)
    vision = try values.decode(Vision.self, forKey: .vision)
    imageTokenID = try values.decode(Int32.self, forKey: .imageTokenID)
    videoTokenID = try values.decode(Int32.self, forKey: .videoTokenID)
    // The outer value takes precedence; older exports have it in the text part only.
    let inText = try values.decode(TextTies.self, forKey: .text).tie_word_embeddings
    tiesEmbeddings =
      try values.decodeIfPresent(Bool.self, forKey: .tiesEmbeddings) ?? inText ?? false
  }

  /// Reads and checks the bytes of a `config.json`.
  ///
  /// - Parameters:
  ///   - data: the file's contents.
  ///   - file: its path, for messages.
  /// - Throws: `model.config` naming the key and what was expected.
  package static func parse(
    _ data: Data, file: String
  ) throws(Failure) -> Qwen3VLConfiguration {
    let configuration = try ConfigurationFile.decode(Qwen3VLConfiguration.self, data, file: file)
    if let problem = configuration.problem {
      throw Failure(
        .modelUnusable, code: .modelConfig, "\(file): \(problem)",
        remedy: "Use the config.json that came with the weights.")
    }
    return configuration
  }

  /// The authors' layers, which were chosen for the 8B model; and the ViT layers of the profile `tuned`,
  /// which kept the most answers right in measurements (docs/results.md).
  private static let mergeDefaults = MergeTarget.Defaults(
    vision: MergeTarget.Layers([5, 6, 7, 8], of: 27),
    tunedVision: MergeTarget.Layers([6, 7, 8, 9], of: 27),
    text: MergeTarget.Layers([19, 21, 23, 25], of: 36))

  /// The model's numbers.
  var shape: ModelShape {
    ModelShape(
      vision: vision.shape,
      text: TextShape(
        layers: text.layers, hiddenSize: text.hiddenSize,
        intermediateSize: text.intermediateSize, heads: text.heads,
        keyValueHeads: text.keyValueHeads, headSize: text.headSize,
        vocabularySize: text.vocabularySize, maxPositions: text.maxPositions),
      mergeDefaults: Self.mergeDefaults,
      published: vision.deepStackLayers.first.map { .upTo(layer: $0) } ?? .anywhere)
  }

  /// The chat format's special tokens, with ids where the configuration sets them.
  var specialTokens: [(name: String, id: Int32?)] {
    [("<|image_pad|>", imageTokenID), ("<|video_pad|>", videoTokenID)]
      + ChatFormat.names.map { ($0, nil) }
  }

  private var problem: String? {
    if let problem = text.problem { return "text_config: \(problem)" }
    if let problem = vision.problem { return "vision_config: \(problem)" }
    if vision.outputSize != text.hiddenSize {
      return "vision_config.out_hidden_size is \(vision.outputSize), "
        + "but text_config.hidden_size is \(text.hiddenSize)"
    }
    if vision.deepStackLayers.count > text.layers {
      return "\(vision.deepStackLayers.count) DeepStack layers do not fit into \(text.layers) "
        + "text layers"
    }
    for (name, id) in [("image_token_id", imageTokenID), ("video_token_id", videoTokenID)]
    where id < 0 || Int(id) >= text.vocabularySize {
      return "\(name) \(id) is outside the vocabulary of \(text.vocabularySize)"
    }
    return nil
  }
}
