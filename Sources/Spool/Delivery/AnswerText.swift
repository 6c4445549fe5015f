/// A question and its answer, as in `answer.json`.
public struct AnswerText: Codable, Sendable {
  /// The question.
  public var prompt: String
  /// The answer.
  public var answer: String
}
