/// The answer that was read out of a model's text, and whether it is right.
public struct Judgment: Sendable, Equatable {
  /// The letter, yes or no, or the normalized words; `nil` where nothing could be read.
  public let read: String?
  /// Whether this answer is accepted.
  public let isRight: Bool

  /// Judges a model's text as the answer to a question.
  public init(_ prediction: String, to item: EvaluationItem) {
    let found: String?
    let accepted: [String?]
    switch item.form {
    case .choice(let options):
      found = ChoiceLetter.extract(prediction, options: options)
      accepted = item.accepted
    case .yesNo:
      found = YesNo(prediction: prediction)?.rawValue
      accepted = item.accepted.map { YesNo(answer: $0)?.rawValue }
    case .open:
      let words = AnswerText.normalized(prediction)
      found = words.isEmpty ? nil : words
      accepted = item.accepted.map(AnswerText.normalized)
    }
    read = found
    isRight = found != nil && accepted.contains(found)
  }
}
