import Answers

/// A question and its answer, as in `answer.json`.
public struct AnswerText: Codable, Sendable {
  /// The question.
  public var prompt: String
  /// The answer.
  public var answer: String
  /// Why the answer ended; `nil` in answers of old versions.
  public var finishReason: String?
  /// The tokens that it has.
  public var tokens: Int?

  private enum CodingKeys: String, CodingKey {
    case prompt, answer, tokens
    case finishReason = "finish_reason"
  }

  /// How the answer ended, where it did not end by itself.
  public var ending: String? {
    finishReason.flatMap { AnswerDocument.Question.ending($0, tokens: tokens) }
  }
}
