import Diagnostics

/// What happens while an answer is written.
public enum ChatEvent: Sendable {
  /// The next piece of the answer.
  case text(String)
  /// Nothing happened for a while.
  case nothing
  /// The answer is complete.
  case answered(ChatAnswer)
  /// There is none.
  case failed(Failure)
}
