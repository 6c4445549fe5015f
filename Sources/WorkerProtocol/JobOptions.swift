/// What may be chosen for a job; what is `nil` is left to the engine.
///
/// The members are named as in job files, and as the options of `illava run`.
public struct JobOptions: Codable, Sendable, Equatable {
  /// Instructions that come before the question.
  public var system: String?
  /// Frames looked at per second of video.
  public var fps: Double?
  /// An exact number of frames of a video.
  public var frames: Int?
  /// The most pixels a picture or frame is shown with.
  public var maxPixels: Int?
  /// The most tokens that are generated.
  public var maxNewTokens: Int?
  /// 0 takes the likeliest token.
  public var temperature: Double?
  /// The probability of the tokens that are drawn from.
  public var topP: Double?
  /// The number of tokens that are drawn from.
  public var topK: Int?
  /// More than 1 makes repeating less likely.
  public var repetitionPenalty: Double?
  /// Where the random numbers start.
  public var seed: Int?
  /// How tokens are merged: `tuned`, `exact`, `published` or `off`.
  public var profile: String?
  /// The ViT's merging layers, such as `5-6-7-8`.
  public var visionLayers: String?
  /// The share each of them keeps.
  public var visionRetention: Double?
  /// 1 drop, 2 shift-merge, 3 recycle.
  public var visionMode: Int?
  /// How groups are chosen in the ViT, such as `distinct`.
  public var visionScore: String?
  /// Visual tokens of a question that the ViT leaves at least.
  public var visionMinTokens: Int?
  /// The LLM's merging layers.
  public var textLayers: String?
  /// The share each of them keeps.
  public var textRetention: Double?
  /// 1 drop, 2 shift-merge, 3 recycle.
  public var textMode: Int?
  /// How tokens are chosen in the LLM, such as `distinct`.
  public var textScore: String?
  /// How far the job may be cut down to fit into memory: `any`, `scene` or `text`.
  public var floor: String?
  /// Whether the ViT merges.
  public var visionEnabled: Bool?
  /// Whether the LLM merges.
  public var textEnabled: Bool?

  /// Nothing is chosen.
  public init() {}

  /// The names in job files and configuration files.
  public enum CodingKeys: String, CodingKey, CaseIterable {
    case system, fps, frames, temperature, seed, profile, floor
    case maxPixels = "max_pixels"
    case maxNewTokens = "max_new_tokens"
    case topP = "top_p"
    case topK = "top_k"
    case repetitionPenalty = "repetition_penalty"
    case visionLayers = "illava_vit_k"
    case visionRetention = "illava_vit_r"
    case visionMode = "illava_vit_mode"
    case visionScore = "illava_vit_score"
    case visionMinTokens = "illava_vit_min"
    case textLayers = "illava_llm_k"
    case textRetention = "illava_llm_r"
    case textMode = "illava_llm_mode"
    case textScore = "illava_llm_score"
    case visionEnabled = "enable_illava_vit"
    case textEnabled = "enable_illava_llm"
  }

  /// These options, and for what they leave open those of `other`.
  public func filled(from other: JobOptions) -> JobOptions {
    var result = self
    result.system = system ?? other.system
    if fps == nil, frames == nil {
      result.fps = other.fps
      result.frames = other.frames
    }
    result.maxPixels = maxPixels ?? other.maxPixels
    result.maxNewTokens = maxNewTokens ?? other.maxNewTokens
    result.temperature = temperature ?? other.temperature
    result.topP = topP ?? other.topP
    result.topK = topK ?? other.topK
    result.repetitionPenalty = repetitionPenalty ?? other.repetitionPenalty
    result.seed = seed ?? other.seed
    result.profile = profile ?? other.profile
    result.visionLayers = visionLayers ?? other.visionLayers
    result.visionRetention = visionRetention ?? other.visionRetention
    result.visionMode = visionMode ?? other.visionMode
    result.visionScore = visionScore ?? other.visionScore
    result.visionMinTokens = visionMinTokens ?? other.visionMinTokens
    result.textLayers = textLayers ?? other.textLayers
    result.textRetention = textRetention ?? other.textRetention
    result.textMode = textMode ?? other.textMode
    result.textScore = textScore ?? other.textScore
    result.floor = floor ?? other.floor
    result.visionEnabled = visionEnabled ?? other.visionEnabled
    result.textEnabled = textEnabled ?? other.textEnabled
    return result
  }
}
