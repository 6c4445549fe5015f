/// Yes or no.
public enum YesNo: String, Sendable {
  /// Affirmed.
  case yes
  /// Denied.
  case no

  /// An answer that is nothing but yes or no.
  init?(answer: String) {
    switch AnswerText.words(answer) {
    case ["yes"]: self = .yes
    case ["no"]: self = .no
    default: return nil
    }
  }

  /// Reads a model's text: the first word decides; otherwise yes or no if only one of the two occurs.
  public init?(prediction: String) {
    let words = AnswerText.words(prediction)
    if let first = words.first.flatMap(YesNo.init(rawValue:)) {
      self = first
      return
    }
    let found = Set(words.compactMap(YesNo.init(rawValue:)))
    guard found.count == 1, let only = found.first else { return nil }
    self = only
  }
}
