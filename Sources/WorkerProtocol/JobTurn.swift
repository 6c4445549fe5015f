/// An earlier question about the media of a job, with its answer.
public struct JobTurn: Codable, Sendable, Equatable {
  /// What was asked.
  public var question: String
  /// What was answered.
  public var answer: String

  /// A turn from its parts.
  public init(question: String, answer: String) {
    self.question = question
    self.answer = answer
  }
}
