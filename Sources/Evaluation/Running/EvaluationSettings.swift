import Diagnostics
import Engine
import Media
import Merging
import Options

/// What is the same for all variants of an evaluation.
public struct EvaluationSettings: Sendable {
  /// What is chosen for all questions: tokens of the answer, frames and pixels. An answer that is cut
  /// short is wrong, so as many tokens as elsewhere.
  public var options = QuestionOptions()
  /// What is added behind open questions, such as “Answer with a single word.”
  public var instruction: String?
  /// How numbers are held, as the answer depends on it.
  public var weights = "bf16"

  /// The engine's own number of tokens, the model's own frames and sizes.
  public init() {}

  /// Everything here that decides an answer, by which a log is found to be of other settings.
  public var description: String {
    func text(_ value: (some CustomStringConvertible)?) -> String {
      value.map { "\($0)" } ?? "own"
    }
    let tokens = options.maxNewTokens ?? Request(prompt: "").maxNewTokens
    return "\(weights), \(tokens) tokens, \(text(options.framesPerSecond)) frames a second, "
      + "\(text(options.frames)) frames, \(text(options.maxPixels)) pixels, "
      + "instruction: \(instruction ?? "")"
  }

  /// The question as the engine gets it, answered greedily.
  ///
  /// - Throws: `usage` for a value that an option cannot have.
  func request(
    _ item: EvaluationItem, media: [MediaItem], variant: EvaluationVariant
  ) throws(Failure) -> Request {
    var prompt = item.prompt
    if let instruction, item.form == .open { prompt += "\n" + instruction }
    var request = try Request(prompt: prompt, options: options)
    request.media = media
    request.merging = variant.merging
    // Otherwise chance would pick the same places in all pictures of a size.
    request.merging.seed ^= Fingerprint.number(item.id.utf8)
    request.shrinksLike = variant.shrinksLike
    // A plan that gave up pixels or tokens for lack of memory would measure something else, unless
    // that is what is to be measured.
    request.memory.limit = variant.memory.map { .bytes($0) } ?? .unplanned
    return request
  }
}
