import Diagnostics

/// What came of one question under one variant: a line of the log.
public struct EvaluationRecord: Sendable, Codable, Equatable {
  /// The variant's fingerprint.
  public let variant: String
  /// The row's number, from 1.
  public let row: Int
  /// The row's own name.
  public let id: String
  /// What the model said; none where it could not be asked.
  public var answer: String?
  /// What was read out of that.
  public var read: String?
  /// Whether it is accepted.
  public var isRight = false
  /// Visual tokens there would be unmerged and unshrunk.
  public var visualTokens = 0
  /// Visual tokens the image encoder handed over.
  public var visualTokensAfterVision = 0
  /// Visual tokens after the last merging layer.
  public var visualTokensLeft = 0
  /// Seconds for everything but opening the model.
  public var seconds = 0.0
  /// Seconds of them in the image encoder.
  public var visionSeconds = 0.0
  /// Seconds of them for the prompt.
  public var prefillSeconds = 0.0
  /// The most resident memory meanwhile, in bytes.
  public var peakBytes = 0
  /// The code of the failure, if it was not answered.
  public var failure: FailureCode?
  /// Who has to act on it.
  public var failureKind: Failure.Kind?
  /// What happened then.
  public var message: String?

  private enum CodingKeys: String, CodingKey {
    case variant, row, id, answer, read, seconds, failure, message
    case failureKind = "failure_kind"
    case isRight = "right"
    case visualTokens = "visual_tokens"
    case visualTokensAfterVision = "visual_tokens_after_vit"
    case visualTokensLeft = "visual_tokens_left"
    case visionSeconds = "vision_seconds"
    case prefillSeconds = "prefill_seconds"
    case peakBytes = "peak_bytes"
  }

  /// Whether a rerun need not try again: it was answered, or never can be.
  var isFinal: Bool { failure == nil || failureKind == .badInput }

  /// Notes why there is no answer.
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
