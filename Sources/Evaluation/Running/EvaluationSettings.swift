import Diagnostics
import Engine
import Media
import Merging
import Options

/// The settings that all variants of an evaluation share.
public struct EvaluationSettings: Sendable {
  /// The options for all questions: number of tokens, frames and pixels. The number of tokens is the
  /// same as elsewhere by default, because an answer that is cut short counts as wrong.
  public var options = QuestionOptions()
  /// A text added after open questions, such as “Answer with a single word.”
  public var instruction: String?
  /// Whether questions with a few possible answers are answered by choices, for a calibration: the letters
  /// of options, and yes or no unless the options of all questions have other choices.
  public var calibrates = false
  /// The precision of weights and KV cache, because answers depend on it.
  public var weights = "bf16"

  /// The engine's default number of tokens, the model's own frames and sizes.
  public init() {}

  /// All settings that affect an answer; a log with another description has other settings.
  public var description: String {
    func text(_ value: (some CustomStringConvertible)?) -> String {
      value.map { "\($0)" } ?? "own"
    }
    let tokens = options.maxNewTokens ?? Request(prompt: "").maxNewTokens
    return "\(weights), \(tokens) tokens, \(text(options.framesPerSecond)) frames a second, "
      + "\(text(options.frames)) frames, \(text(options.maxPixels)) pixels, "
      + "instruction: \(instruction ?? "")"
      + (options.thinking.map { ", thinking \($0.rawValue)" } ?? "")
      + (calibrates ? ", by choices" : "")
      + (options.choices.map { ", choices: \($0)" } ?? "")
  }

  /// The choices of a question; `nil` where it is answered freely.
  func choices(of item: EvaluationItem) -> [String]? {
    guard calibrates else { return options.choices }
    if case .choice(let options) = item.form { return options.map(\.letter) }
    return options.choices ?? (item.form == .yesNo ? ["Yes", "No"] : nil)
  }

  /// The request for a question, answered with greedy decoding.
  ///
  /// - Throws: `usage` for a value that an option cannot have.
  func request(
    _ item: EvaluationItem, media: [MediaItem], variant: EvaluationVariant
  ) throws(Failure) -> Request {
    var prompt = item.prompt
    if let instruction, item.form == .open { prompt += "\n" + instruction }
    var options = options
    options.choices = choices(of: item)
    var request = try Request(prompt: prompt, options: options)
    request.media = media
    request.merging = variant.merging
    // Otherwise random choices would pick the same places in all images of a size.
    request.merging.seed ^= Fingerprint.number(item.id.utf8)
    request.shrinksLike = variant.shrinksLike
    // A plan that gave up pixels or tokens for lack of memory would measure something else, unless the
    // memory limit is what is measured.
    request.memory.limit = variant.memory.map { .bytes($0) } ?? .unplanned
    return request
  }
}
