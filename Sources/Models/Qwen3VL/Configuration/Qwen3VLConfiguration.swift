import Diagnostics
import FoundationEssentials

/// What `config.json` says about a Qwen3-VL model, checked (HF `Qwen3VLConfig`).
public struct Qwen3VLConfiguration: Sendable, Decodable {
  /// The language model.
  public let text: TextConfiguration
  /// The image encoder.
  public let vision: VisionConfiguration
  /// `<|image_pad|>`.
  public let imageTokenID: Int32
  /// `<|video_pad|>`.
  public let videoTokenID: Int32
  /// Whether the output layer is the embedding.
  public let tiesEmbeddings: Bool

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

  /// Decodes and leaves the checks to `parse`.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    text = try values.decode(TextConfiguration.self, forKey: .text)
    vision = try values.decode(VisionConfiguration.self, forKey: .vision)
    imageTokenID = try values.decode(Int32.self, forKey: .imageTokenID)
    videoTokenID = try values.decode(Int32.self, forKey: .videoTokenID)
    // The outer value counts; older exports have it in the text part only.
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
  public static func parse(
    _ data: Data, file: String
  ) throws(Failure) -> Qwen3VLConfiguration {
    let configuration = try ConfigurationFile.decode(Qwen3VLConfiguration.self, data, file: file)
    if let problem = configuration.problem {
      throw Failure(
        .modelUnusable, code: "model.config", "\(file): \(problem)",
        remedy: "use the config.json that came with the weights")
    }
    return configuration
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
