@preconcurrency import Glibc

/// The number of questions, and of those answered right.
public struct AnswerCount: Sendable, Codable, Equatable {
  /// The number of questions.
  public private(set) var questions = 0
  /// The number of questions answered right.
  public private(set) var right = 0
  /// The share of questions answered right; 0 without questions.
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
