import Engine
import Media
import Merging

/// What is the same for all variants of an evaluation.
public struct EvaluationSettings: Sendable {
  /// The most tokens of an answer; one that is cut short is wrong, so as many as elsewhere.
  public var maxNewTokens = 256
  /// Frames per second of video, instead of the model's own rate.
  public var framesPerSecond: Double?
  /// An exact number of frames of a video.
  public var frames: Int?
  /// The most pixels a picture or a frame is shown with.
  public var maxPixels: Int?
  /// What is added behind open questions, such as “Answer with a single word.”
  public var instruction: String?
  /// How numbers are held, as the answer depends on it.
  public var weights = "bf16"

  /// 256 tokens, the model's own frames and sizes.
  public init() {}

  /// Everything here that decides an answer, by which a log is found to be of other settings.
  public var description: String {
    func text(_ value: (some CustomStringConvertible)?) -> String {
      value.map { "\($0)" } ?? "own"
    }
    return "\(weights), \(maxNewTokens) tokens, \(text(framesPerSecond)) frames a second, "
      + "\(text(frames)) frames, \(text(maxPixels)) pixels, instruction: \(instruction ?? "")"
  }

  /// The question as the engine gets it, answered greedily.
  func request(
    _ item: EvaluationItem, media: [MediaItem], variant: EvaluationVariant
  ) -> Request {
    var prompt = item.prompt
    if let instruction, item.form == .open { prompt += "\n" + instruction }
    var request = Request(prompt: prompt)
    request.media = media
    request.merging = variant.merging
    // Otherwise chance would pick the same places in all pictures of a size.
    request.merging.seed ^= Fingerprint.number(item.id.utf8)
    request.shrinksLike = variant.shrinksLike
    // A plan that gave up pixels or tokens for lack of memory would measure something else, unless
    // that is what is to be measured.
    request.memory.limit = variant.memory.map { .bytes($0) } ?? .unplanned
    request.framesPerSecond = framesPerSecond
    request.frames = frames
    request.maxPixels = maxPixels
    request.maxNewTokens = maxNewTokens
    return request
  }
}
