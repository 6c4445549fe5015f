/// An earlier question of a conversation, with its answer.
public struct Turn: Sendable, Equatable {
  /// What was asked; never read as special tokens.
  public var question: String
  /// What was answered, without the thought before it; never read as special tokens.
  public var answer: String

  /// A turn from its parts.
  public init(question: String, answer: String) {
    self.question = question
    self.answer = answer
  }
}
