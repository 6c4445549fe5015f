import Diagnostics
import FoundationEssentials

/// Reads lines of JSON: `media` (a path or several, relative to the file), `question`, `answer` (a text,
/// a number, or a list of accepted ones), and optionally `index`, `hint` and `skill`.
enum JSONLDataSet {
  private struct Line: Decodable {
    let index: Texts?
    let media: Texts?
    let question: String
    let answer: Texts
    let hint: String?
    let skill: String?
  }

  /// One text or number, or a list of them.
  private struct Texts: Decodable {
    let all: [String]

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let text = try? container.decode(String.self) {
        all = [text]
      } else if let number = try? container.decode(Int.self) {
        all = [String(number)]
      } else if let number = try? container.decode(Double.self) {
        all = ["\(number)"]
      } else {
        all = try container.decode([Texts].self).flatMap(\.all)
      }
    }
  }

  static func rows(_ data: Data, folder: String) -> [DataRow] {
    var rows: [DataRow] = []
    let decoder = JSONDecoder()
    for line in data.split(separator: UInt8(ascii: "\n")) {
      let isBlank = line.allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\r") }
      if isBlank { continue }
      let number = rows.count + 1
      guard let parsed = try? decoder.decode(Line.self, from: Data(line)) else {
        rows.append(
          .damaged(number, "is not a JSON object with media, question and answer"))
        continue
      }
      let accepted = parsed.answer.all.filter { !$0.isEmpty }
      guard !parsed.question.isEmpty, !accepted.isEmpty else {
        rows.append(.damaged(number, "has no question or no answer"))
        continue
      }
      rows.append(
        DataRow(
          number: number,
          item: .success(
            EvaluationItem(
              id: parsed.index?.all.first ?? "\(number)",
              media: (parsed.media?.all ?? []).map { .file(DataSet.resolve($0, in: folder)) },
              question: parsed.question, hint: parsed.hint,
              form: EvaluationItem.form(accepting: accepted), accepted: accepted,
              skill: parsed.skill))))
    }
    return rows
  }
}
