import Diagnostics
import FoundationEssentials
import Merging

/// The checked contents of the `config.json` of a LLaVA-OneVision model (HF `LlavaOnevisionConfig`).
package struct LlavaConfiguration: Sendable, Decodable {
  /// The language model.
  package let text: LanguageConfiguration
  /// The image encoder.
  package let vision: Vision
  /// `<image>`.
  package let imageTokenID: Int32
  /// `<video>`.
  package let videoTokenID: Int32
  /// Whether the output layer shares the embedding's weights, as the outer part of the file says; the
  /// language model's own part takes precedence.
  package let tiesEmbeddings: Bool?
  /// How images are cut into tiles.
  let tiling: LlavaTiling

  private let aspect: String
  private let unsupported: [(name: String, value: String, expected: String)]

  private struct Keys: Decodable {
    let text_config: LanguageConfiguration.Keys
    let vision_config: Vision.Keys
    let image_token_index: Int32?
    let image_token_id: Int32?
    let video_token_index: Int32?
    let video_token_id: Int32?
    let image_grid_pinpoints: [[Int]]?
    let projector_hidden_act: String?
    let multimodal_projector_bias: Bool?
    let vision_feature_layer: Int?
    let vision_feature_select_strategy: String?
    let vision_aspect_ratio: String?
    let tie_word_embeddings: Bool?
  }

  /// Decodes; `parse` does the checks.
  package init(from decoder: any Decoder) throws {
    let keys = try Keys(from: decoder)
    text = LanguageConfiguration(keys.text_config)
    vision = Vision(keys.vision_config)
    imageTokenID = keys.image_token_id ?? keys.image_token_index ?? 151_646
    videoTokenID = keys.video_token_id ?? keys.video_token_index ?? 151_647
    tiesEmbeddings = keys.tie_word_embeddings
    aspect = keys.vision_aspect_ratio ?? "anyres_max_9"
    tiling = LlavaTiling(
      side: vision.tileSize, patches: vision.side,
      mostTiles: LlavaTiling.mostTiles(aspect) ?? 0,
      resolutions: keys.image_grid_pinpoints ?? LlavaTiling.published)
    let values: [(name: String, value: String, expected: String)] = [
      ("projector_hidden_act", keys.projector_hidden_act ?? "gelu", "gelu"),
      ("multimodal_projector_bias", "\(keys.multimodal_projector_bias ?? true)", "true"),
      ("vision_feature_layer", "\(keys.vision_feature_layer ?? -1)", "-1"),
      ("vision_feature_select_strategy", keys.vision_feature_select_strategy ?? "full", "full"),
    ]
    unsupported = values.filter { $0.value != $0.expected }
  }

  /// The language model's type, which decides what its other keys mean.
  private struct Header: Decodable {
    struct Part: Decodable {
      let model_type: String?
    }
    let text_config: Part?
  }

  /// Reads and checks the bytes of a `config.json`.
  ///
  /// - Parameters:
  ///   - data: the file's contents.
  ///   - file: its path, for messages.
  /// - Throws: `model.family` for a language model that cannot be run, `model.config` naming the key and
  ///   what was expected.
  package static func parse(_ data: Data, file: String) throws(Failure) -> LlavaConfiguration {
    let header = try ConfigurationFile.decode(Header.self, data, file: file)
    if let type = header.text_config?.model_type, LanguageConfiguration.Model(rawValue: type) == nil
    {
      throw Failure(
        .modelUnusable, code: .modelFamily,
        "\(file): LLaVA-OneVision with a language model of the type “\(type)” cannot be run",
        remedy: "Use a release whose language model is Qwen2, such as "
          + "llava-hf/llava-onevision-qwen2-7b-ov-hf.")
    }
    let configuration = try ConfigurationFile.decode(LlavaConfiguration.self, data, file: file)
    if let problem = configuration.problem {
      throw Failure(
        .modelUnusable, code: .modelConfig, "\(file): \(problem)",
        remedy: "Use the config.json that came with the weights.")
    }
    return configuration
  }

  /// The layers of the authors' code for images. No others were measured for the profile `tuned`.
  private static let mergeDefaults = MergeTarget.Defaults(
    vision: MergeTarget.Layers([5, 6, 7, 8], of: 26, isScaled: true),
    tunedVision: MergeTarget.Layers([5, 6, 7, 8], of: 26, isScaled: true),
    text: MergeTarget.Layers([8], of: 28, isScaled: true))

  /// The layers of the authors' code for videos.
  private static let videoDefaults = MergeTarget.Defaults(
    vision: MergeTarget.Layers([3, 4, 5, 6], of: 26, isScaled: true),
    tunedVision: MergeTarget.Layers([3, 4, 5, 6], of: 26, isScaled: true),
    text: MergeTarget.Layers([2], of: 28, isScaled: true))

  /// The model's numbers.
  var shape: ModelShape {
    ModelShape(
      vision: VisionShape(
        depth: vision.depth, hiddenSize: vision.hiddenSize,
        intermediateSize: vision.intermediateSize, heads: vision.heads,
        patchSize: vision.patchSize, patchFrames: 1, mergeSize: 1, outputSize: text.hiddenSize,
        mergerSize: text.hiddenSize),
      text: TextShape(
        layers: text.layers, hiddenSize: text.hiddenSize,
        intermediateSize: text.intermediateSize, heads: text.heads,
        keyValueHeads: text.keyValueHeads, headSize: text.headSize,
        vocabularySize: text.vocabularySize, maxPositions: text.maxPositions),
      mergeDefaults: Self.mergeDefaults, videoDefaults: Self.videoDefaults, published: .none)
  }

  /// The special tokens of prompts, with ids where the configuration sets them.
  var specialTokens: [(name: String, id: Int32?)] {
    [("<image>", imageTokenID), ("<video>", videoTokenID)]
      + ChatFormat.names.prefix(2).map { ($0, nil) }
  }

  private var problem: String? {
    if let problem = text.problem { return "text_config: \(problem)" }
    if let problem = vision.problem { return "vision_config: \(problem)" }
    if let (name, value, expected) = unsupported.first {
      return "\(name) is \(value), only \(expected) is supported"
    }
    if LlavaTiling.mostTiles(aspect) == nil {
      return "vision_aspect_ratio “\(aspect)” is not supported, only anyres_max_ and a number"
    }
    for (name, id) in [("image_token_index", imageTokenID), ("video_token_index", videoTokenID)]
    where id < 0 || Int(id) >= text.vocabularySize {
      return "\(name) \(id) is outside the vocabulary of \(text.vocabularySize)"
    }
    return tiling.problem
  }
}
