/// A question and its answer, as `answer.json` has them.
public struct AnswerText: Codable, Sendable {
  /// What was asked.
  public var prompt: String
  /// What was answered.
  public var answer: String
}
