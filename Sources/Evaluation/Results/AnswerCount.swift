@preconcurrency import Glibc

/// Questions and how many of them were answered right.
public struct AnswerCount: Sendable, Codable, Equatable {
  /// Questions.
  public private(set) var questions = 0
  /// Those that were answered right.
  public private(set) var right = 0
  /// The share that is right; 0 without questions.
  public private(set) var accuracy = 0.0
  /// The standard error of that share, as if the questions were drawn independently.
  public private(set) var standardError = 0.0

  private enum CodingKeys: String, CodingKey {
    case questions, right, accuracy
    case standardError = "standard_error"
  }

  /// Counts answers.
  init(_ answers: some Sequence<Bool>) {
    for isRight in answers {
      questions += 1
      right += isRight ? 1 : 0
    }
    guard questions > 0 else { return }
    accuracy = Double(right) / Double(questions)
    standardError = (accuracy * (1 - accuracy) / Double(questions)).squareRoot()
  }
}
