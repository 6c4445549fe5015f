extension EvaluationItem {
  /// The form of a question without options, derived from its accepted answers.
  static func form(accepting answers: [String]) -> Form {
    !answers.isEmpty && answers.allSatisfy { YesNo(answer: $0) != nil } ? .yesNo : .open
  }
}
