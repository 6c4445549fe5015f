/// The part of `answer.json` that is needed to print the answers.
struct AnswerTexts: Decodable {
  let answers: [AnswerText]
  /// What the answer warns of.
  let warnings: [String]

  private enum CodingKeys: String, CodingKey { case answers, warnings }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    answers = try container.decode([AnswerText].self, forKey: .answers)
    // An answer without readable warnings is an answer.
    warnings = (try? container.decode([String].self, forKey: .warnings)) ?? []
  }
}
