/// The part of `answer.json` that is needed to print the answers.
struct AnswerTexts: Codable {
  var answers: [AnswerText]
  var warnings: [String]?
}
