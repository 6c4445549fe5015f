/// The part of `answer.json` that is needed to print the answers, of this version and of those before.
struct AnswerTexts: Decodable {
  let answers: [AnswerText]
  /// What the answer warns of.
  let warnings: [String]

  private enum CodingKeys: String, CodingKey { case answers, questions, warnings }

  /// Reads the questions, each of which has to have an answer.
  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    // Version 1 called them answers.
    answers = try container.decode(
      [AnswerText].self, forKey: container.contains(.questions) ? .questions : .answers)
    // An answer without readable warnings is an answer.
    warnings = (try? container.decode([String].self, forKey: .warnings)) ?? []
  }
}
