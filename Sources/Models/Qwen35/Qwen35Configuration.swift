import Diagnostics
import FoundationEssentials
import Merging

/// The checked contents of a Qwen3.5 model's `config.json` (HF `Qwen3_5Config`).
package struct Qwen35Configuration: Sendable, Decodable {
  /// The language model.
  package let text: Text
  /// The image encoder, which is that of Qwen3-VL.
  package let vision: Qwen3VLConfiguration.Vision
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

  /// Decodes; `parse` does the checks.
  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    text = try values.decode(Text.self, forKey: .text)
    vision = try values.decode(Qwen3VLConfiguration.Vision.self, forKey: .vision)
    imageTokenID = try values.decode(Int32.self, forKey: .imageTokenID)
    videoTokenID = try values.decode(Int32.self, forKey: .videoTokenID)
    tiesEmbeddings =
      try values.decodeIfPresent(Bool.self, forKey: .tiesEmbeddings) ?? text.tiesEmbeddings ?? false
  }

  /// Reads and checks the bytes of a `config.json`.
  ///
  /// - Parameters:
  ///   - data: the file's contents.
  ///   - file: its path, for messages.
  /// - Throws: `model.config` naming the key and what was expected.
  package static func parse(
    _ data: Data, file: String
  ) throws(Failure) -> Qwen35Configuration {
    let configuration = try ConfigurationFile.decode(Qwen35Configuration.self, data, file: file)
    if let problem = configuration.problem {
      throw Failure(
        .modelUnusable, code: .modelConfig, "\(file): \(problem)",
        remedy: "Use the config.json that came with the weights.")
    }
    return configuration
  }

  /// The image encoder merges where that of Qwen3-VL does. The language model merges right after layers of
  /// attention, where scores are fresh, between half and three quarters of its depth. Nobody has published
  /// or measured layers for this family.
  private var mergeDefaults: MergeTarget.Defaults {
    let after = (1..<text.layers).filter {
      !text.linearLayers.contains($0 - 1) && 2 * $0 >= text.layers && 4 * $0 <= 3 * text.layers
    }
    return MergeTarget.Defaults(
      vision: MergeTarget.Layers([5, 6, 7, 8], of: 27),
      tunedVision: MergeTarget.Layers([6, 7, 8, 9], of: 27),
      text: MergeTarget.Layers(after, of: text.layers))
  }

  /// The model's numbers.
  var shape: ModelShape {
    ModelShape(
      vision: vision.shape,
      text: TextShape(
        layers: text.layers, hiddenSize: text.hiddenSize,
        intermediateSize: text.intermediateSize, heads: text.heads,
        keyValueHeads: text.keyValueHeads, headSize: text.headSize,
        vocabularySize: text.vocabularySize, maxPositions: text.maxPositions,
        hasAttentionGate: true,
        recurrence: TextShape.Recurrence(text.rule, layers: text.linearLayers)),
      mergeDefaults: mergeDefaults, published: .none)
  }

  /// The chat format's special tokens, with ids where the configuration sets them.
  var specialTokens: [(name: String, id: Int32?)] {
    [("<|image_pad|>", imageTokenID), ("<|video_pad|>", videoTokenID)]
      + (ChatFormat.names + ThinkingFormat.names).map { ($0, nil) }
  }

  private var problem: String? {
    if let problem = text.problem { return "text_config: \(problem)" }
    if let problem = vision.problem { return "vision_config: \(problem)" }
    if vision.outputSize != text.hiddenSize {
      return "vision_config.out_hidden_size is \(vision.outputSize), "
        + "but text_config.hidden_size is \(text.hiddenSize)"
    }
    if !vision.deepStackLayers.isEmpty {
      return "deepstack_visual_indexes \(vision.deepStackLayers) are not supported in this family"
    }
    for (name, id) in [("image_token_id", imageTokenID), ("video_token_id", videoTokenID)]
    where id < 0 || Int(id) >= text.vocabularySize {
      return "\(name) \(id) is outside the vocabulary of \(text.vocabularySize)"
    }
    return nil
  }
}
