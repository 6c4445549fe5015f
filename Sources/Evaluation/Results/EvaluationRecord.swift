import Diagnostics

/// The result of one question under one variant: a line of the log.
public struct EvaluationRecord: Sendable, Codable, Equatable {
  /// The variant's fingerprint.
  public let variant: String
  /// The row's number, from 1.
  public let row: Int
  /// The row's id in the data set.
  public let id: String
  /// The text of the model's answer; `nil` where there is none.
  public var answer: String?
  /// The answer that was read out of that text.
  public var read: String?
  /// Whether the answer is accepted.
  public var isRight = false
  /// The probabilities of its choices, where it was answered by choices.
  public var choices: ChoiceOutcome?
  /// Visual tokens before merging, at the model's own image size.
  public var visualTokens = 0
  /// Visual tokens after the image encoder.
  public var visualTokensAfterVision = 0
  /// Visual tokens after the last merging layer.
  public var visualTokensLeft = 0
  /// Seconds for everything but opening the model.
  public var seconds = 0.0
  /// Seconds in the image encoder, a part of `seconds`.
  public var visionSeconds = 0.0
  /// Seconds of prefill, a part of `seconds`.
  public var prefillSeconds = 0.0
  /// The peak resident memory, in bytes.
  public var peakBytes = 0
  /// The failure's code, if the question was not answered.
  public var failure: FailureCode?
  /// The failure's kind, which says who has to act.
  public var failureKind: Failure.Kind?
  /// The failure's message.
  public var message: String?

  private enum CodingKeys: String, CodingKey {
    case variant, row, id, answer, read, seconds, failure, message, choices
    case failureKind = "failure_kind"
    case isRight = "right"
    case visualTokens = "visual_tokens"
    case visualTokensAfterVision = "visual_tokens_after_vit"
    case visualTokensLeft = "visual_tokens_left"
    case visionSeconds = "vision_seconds"
    case prefillSeconds = "prefill_seconds"
    case peakBytes = "peak_bytes"
  }

  /// Whether a rerun need not try again, because the question was answered or never can be.
  var isFinal: Bool { failure == nil || failureKind == .badInput }

  /// Records why there is no answer.
  mutating func fail(_ failure: Failure) {
    self.failure = failure.code
    failureKind = failure.kind
    message = failure.message
  }

  init(variant: String, row: Int, id: String) {
    self.variant = variant
    self.row = row
    self.id = id
  }
}
