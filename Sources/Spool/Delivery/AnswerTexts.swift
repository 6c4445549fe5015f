/// As much of `answer.json` as is needed for reading it out.
struct AnswerTexts: Codable {
  var answers: [AnswerText]
}
