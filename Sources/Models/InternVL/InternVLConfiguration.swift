import Diagnostics
import FoundationEssentials
import Merging

/// The checked contents of the `config.json` of an InternVL 2.5 or 3 model (HF `InternVLConfig`,
/// OpenGVLab's `InternVLChatConfig`).
package struct InternVLConfiguration: Sendable, Decodable {
  /// The two layouts of folders, by `model_type`.
  package enum Layout: String, Sendable {
    /// That of Transformers; names of releases end in `-hf`.
    case transformers = "internvl"
    /// OpenGVLab's own.
    case original = "internvl_chat"
  }

  /// The layout of the folder.
  package let layout: Layout
  /// The language model.
  package let text: LanguageConfiguration
  /// The image encoder.
  package let vision: Vision
  /// `<IMG_CONTEXT>`; `nil` where the tokenizer says.
  package let imageTokenID: Int32?
  /// Whether the output layer shares the embedding's weights, as the outer part of the file says; the
  /// language model's own part takes precedence.
  package let tiesEmbeddings: Bool?
  /// How images are cut into tiles, where the file says.
  let tiling: InternVLTiling

  private let tokensPerTile: Int?
  private let unsupported: [(name: String, value: String, expected: String)]

  private struct Keys: Decodable {
    let model_type: String
    let text_config: LanguageConfiguration.Keys?
    let llm_config: LanguageConfiguration.Keys?
    let vision_config: Vision.Keys?
    let image_token_id: Int32?
    let image_seq_length: Int?
    let downsample_ratio: Double?
    let projector_hidden_act: String?
    let vision_feature_layer: Int?
    let vision_feature_select_strategy: String?
    let tie_word_embeddings: Bool?
    let ps_version: String?
    let select_layer: Int?
    let force_image_size: Int?
    let dynamic_image_size: Bool?
    let use_thumbnail: Bool?
    let min_dynamic_patch: Int?
    let max_dynamic_patch: Int?
  }

  private enum Name: String, CodingKey {
    case text_config
    case llm_config
    case vision_config
  }

  /// Decodes; `parse` does the checks.
  package init(from decoder: any Decoder) throws {
    let keys = try Keys(from: decoder)
    let layout = Layout(rawValue: keys.model_type) ?? .transformers
    func missing(_ name: Name) -> DecodingError {
      .keyNotFound(name, DecodingError.Context(codingPath: [], debugDescription: ""))
    }
    let isOriginal = layout == .original
    guard let language = isOriginal ? keys.llm_config : keys.text_config else {
      throw missing(isOriginal ? .llm_config : .text_config)
    }
    guard let encoder = keys.vision_config else { throw missing(.vision_config) }
    self.layout = layout
    text = LanguageConfiguration(language)
    vision = Vision(encoder, layout)
    imageTokenID = keys.image_token_id
    tiesEmbeddings = keys.tie_word_embeddings
    tokensPerTile = keys.image_seq_length
    tiling = Self.tiling(keys, layout)
    unsupported = Self.unsupported(keys, layout, tileSize: vision.tileSize)
  }

  private static func tiling(_ keys: Keys, _ layout: Layout) -> InternVLTiling {
    guard layout == .original else { return InternVLTiling() }
    let isTiled = keys.dynamic_image_size ?? false
    return InternVLTiling(
      min: isTiled ? keys.min_dynamic_patch ?? 1 : 1,
      max: isTiled ? keys.max_dynamic_patch ?? 6 : 1, hasThumbnail: keys.use_thumbnail ?? false)
  }

  /// The values that this program computes only one of.
  private static func unsupported(
    _ keys: Keys, _ layout: Layout, tileSize: Int
  ) -> [(name: String, value: String, expected: String)] {
    var values: [(name: String, value: String, expected: String)] = [
      ("downsample_ratio", "\(keys.downsample_ratio ?? 0.5)", "0.5")
    ]
    switch layout {
    case .transformers:
      values += [
        ("projector_hidden_act", keys.projector_hidden_act ?? "gelu", "gelu"),
        ("vision_feature_layer", "\(keys.vision_feature_layer ?? -1)", "-1"),
        (
          "vision_feature_select_strategy", keys.vision_feature_select_strategy ?? "default",
          "default"
        ),
      ]
    case .original:
      values += [
        ("ps_version", keys.ps_version ?? "v1", "v2"),
        ("select_layer", "\(keys.select_layer ?? -1)", "-1"),
        ("force_image_size", "\(keys.force_image_size ?? tileSize)", "\(tileSize)"),
      ]
    }
    return values.filter { $0.value != $0.expected }
  }

  /// Reads and checks the bytes of a `config.json`.
  ///
  /// - Parameters:
  ///   - data: the file's contents.
  ///   - file: its path, for messages.
  /// - Throws: `model.family` for a language model that cannot be run, `model.config` naming the key and
  ///   what was expected.
  package static func parse(
    _ data: Data, file: String
  ) throws(Failure) -> InternVLConfiguration {
    try refuseLanguage(data, file: file)
    let configuration = try ConfigurationFile.decode(InternVLConfiguration.self, data, file: file)
    if let problem = configuration.problem {
      throw Failure(
        .modelUnusable, code: .modelConfig, "\(file): \(problem)",
        remedy: "Use a published InternVL 2.5 or 3 model with the config.json of its weights.")
    }
    return configuration
  }

  private struct LanguageHeader: Decodable {
    struct Part: Decodable {
      let model_type: String?
    }
    let llm_config: Part?
    let text_config: Part?
  }

  /// Language models of other types are refused before their keys are read.
  private static func refuseLanguage(_ data: Data, file: String) throws(Failure) {
    let header = try ConfigurationFile.decode(LanguageHeader.self, data, file: file)
    guard let type = header.llm_config?.model_type ?? header.text_config?.model_type,
      LanguageConfiguration.Model(rawValue: type) == nil
    else { return }
    throw Failure(
      .modelUnusable, code: .modelFamily,
      "\(file): InternVL with a language model of the type “\(type)” cannot be run",
      remedy:
        "Use a release whose language model is Qwen2, InternLM2 or Llama, such as InternVL3-8B.")
  }

  /// The authors published no code for this family; the layers are those of their code for Qwen3-VL in the
  /// image encoder, which has as many layers, and for Qwen2-VL in the language model. No others were
  /// measured for the profile `tuned`.
  private static let mergeDefaults = MergeTarget.Defaults(
    vision: MergeTarget.Layers([5, 6, 7, 8], of: 24, isScaled: true),
    tunedVision: MergeTarget.Layers([5, 6, 7, 8], of: 24, isScaled: true),
    text: MergeTarget.Layers([6, 7, 8], of: 28, isScaled: true))

  /// The model's numbers.
  var shape: ModelShape {
    ModelShape(
      vision: VisionShape(
        depth: vision.depth, hiddenSize: vision.hiddenSize,
        intermediateSize: vision.intermediateSize, heads: vision.heads,
        patchSize: vision.patchSize, patchFrames: 1, mergeSize: Vision.mergeSize,
        outputSize: text.hiddenSize, mergerSize: text.hiddenSize, hasClassToken: true),
      text: TextShape(
        layers: text.layers, hiddenSize: text.hiddenSize,
        intermediateSize: text.intermediateSize, heads: text.heads,
        keyValueHeads: text.keyValueHeads, headSize: text.headSize,
        vocabularySize: text.vocabularySize, maxPositions: text.maxPositions),
      mergeDefaults: Self.mergeDefaults, published: .none)
  }

  private var problem: String? {
    let part = layout == .original ? "llm_config" : "text_config"
    if let problem = text.problem { return "\(part): \(problem)" }
    if let problem = vision.problem { return "vision_config: \(problem)" }
    if let (name, value, expected) = unsupported.first {
      return "\(name) is \(value), only \(expected) is supported"
    }
    if let tokensPerTile, tokensPerTile != vision.tokensPerTile {
      return "image_seq_length is \(tokensPerTile), but a tile has \(vision.tokensPerTile) tokens"
    }
    if let id = imageTokenID, id < 0 || Int(id) >= text.vocabularySize {
      return "image_token_id \(id) is outside the vocabulary of \(text.vocabularySize)"
    }
    return tiling.problem
  }
}
