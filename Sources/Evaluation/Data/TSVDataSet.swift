import Diagnostics
import FoundationEssentials

/// Reads a VLMEvalKit table: `index`, `image` or `image_path`, `question`, `A`, `B`, …, `answer`, and
/// optionally `hint`, and `skill` or `category`.
struct TSVDataSet {
  /// An `image` text of this length or less is not base64 but the `index` of the row that holds the
  /// image.
  private static let longestReference = 64

  private let folder: String
  private let columns: [String: Int]
  private let letters: [String]
  private let table: [[TSVTable.Field]?]
  private let rowOfIndex: [String: Int]

  /// - Throws: `evaluation.data` when columns are missing.
  init(_ data: Data, file: String, folder: String) throws(Failure) {
    self.folder = folder
    let all = TSVTable(data).rows
    let names = (all.first ?? nil)?.map(\.text) ?? []
    let columns = Dictionary(zip(names, names.indices)) { first, _ in first }
    self.columns = columns
    let table = Array(all.dropFirst())
    self.table = table
    let missing = ["question", "answer"].filter { columns[$0] == nil }
    guard missing.isEmpty else {
      throw Failure(
        .badInput, code: .evaluationData,
        "\(file) has no column \(missing.joined(separator: " and no column "))",
        remedy: "Name the columns in the first line, such as index, image, question and answer.")
    }
    letters = names.filter { $0.utf8.count == 1 && ("A"..."Z").contains($0) }.sorted()
    var rowOfIndex: [String: Int] = [:]
    if let column = columns["index"] {
      for (number, row) in table.enumerated() {
        guard let row, row.indices.contains(column) else { continue }
        rowOfIndex[row[column].text] = number
      }
    }
    self.rowOfIndex = rowOfIndex
  }

  /// All rows, including damaged ones.
  var rows: [DataRow] { table.indices.map { row($0) } }

  private func row(_ number: Int) -> DataRow {
    guard let fields = table[number] else {
      return .damaged(number + 1, "opens a quote that is never closed")
    }
    guard fields.count == columns.count else {
      return .damaged(
        number + 1, "has \(fields.count) fields where the first line names \(columns.count)")
    }
    func text(_ name: String) -> String? {
      guard let column = columns[name] else { return nil }
      let text = fields[column].text
      return text.isEmpty ? nil : text
    }
    guard let question = text("question") else { return .damaged(number + 1, "has no question") }
    guard let answer = text("answer") else { return .damaged(number + 1, "has no answer") }
    let options = letters.compactMap { letter in
      text(letter).map { EvaluationItem.Option(letter: letter, text: $0) }
    }
    let form: EvaluationItem.Form
    var accepted = [answer]
    if options.count > 1 {
      form = .choice(options)
      guard let letter = Self.letter(of: answer, options) else {
        return .damaged(number + 1, "has the answer “\(answer)”, which is none of its options")
      }
      accepted = [letter]
    } else {
      form = EvaluationItem.form(accepting: accepted)
    }
    do throws(Failure) {
      return DataRow(
        number: number + 1,
        item: .success(
          EvaluationItem(
            id: text("index") ?? "\(number + 1)", media: try media(number, depth: 0),
            question: question, hint: text("hint"), form: form, accepted: accepted,
            skill: text("skill") ?? text("category"))))
    } catch {
      return DataRow(number: number + 1, item: .failure(error))
    }
  }

  /// The letter of an answer: the answer itself, or the letter of the option with that text.
  private static func letter(of answer: String, _ options: [EvaluationItem.Option]) -> String? {
    let plain = answer.trimming("().")
    return options.first { $0.letter == plain.uppercased() }?.letter
      ?? options.first { $0.text == answer }?.letter
  }

  /// The images of a row, found through references to other rows.
  private func media(
    _ number: Int, depth: Int
  ) throws(Failure) -> [EvaluationItem.MediaReference] {
    guard let fields = table[number], fields.count == columns.count else {
      throw unusable(number, "refers to a damaged row")
    }
    let paths = columns["image_path"].map { fields[$0].text } ?? ""
    if !paths.isEmpty {
      return Self.list(paths).map { .file(DataSet.resolve($0, in: folder)) }
    }
    guard let column = columns["image"], !fields[column].bytes.isEmpty else { return [] }
    let field = fields[column]
    guard field.bytes.first == UInt8(ascii: "[") else {
      return try picture(field.bytes, number, depth: depth)
    }
    var references: [EvaluationItem.MediaReference] = []
    for part in Self.list(field.text) {
      references += try picture(Data(part.utf8), number, depth: depth)
    }
    return references
  }

  private func picture(
    _ bytes: Data, _ number: Int, depth: Int
  ) throws(Failure) -> [EvaluationItem.MediaReference] {
    guard bytes.count <= Self.longestReference else {
      if Self.looksLikePath(bytes) {
        return [.file(DataSet.resolve(String(decoding: bytes, as: UTF8.self), in: folder))]
      }
      return [.base64(bytes)]
    }
    let text = String(decoding: bytes, as: UTF8.self)
    guard let target = rowOfIndex[text] else {
      if Self.looksLikePath(bytes) { return [.file(DataSet.resolve(text, in: folder))] }
      throw unusable(number, "refers to the picture of row “\(text)”, which does not exist")
    }
    // A longer chain of references is circular.
    guard depth < 8, target != number else {
      throw unusable(number, "refers to a row that refers back")
    }
    return try media(target, depth: depth + 1)
  }

  /// Whether a text is a file name: base64 has no dots.
  private static func looksLikePath(_ bytes: Data) -> Bool {
    bytes.count < 4096 && bytes.contains(UInt8(ascii: "."))
  }

  private func unusable(_ number: Int, _ message: String) -> Failure {
    Failure(.badInput, code: .evaluationRow, "row \(number + 1) \(message)")
  }

  /// The texts of a list as Python prints it, `['a', 'b']`; any other text is a list of one.
  static func list(_ text: String) -> [String] {
    guard text.hasPrefix("["), text.hasSuffix("]") else { return [text] }
    return text.dropFirst().dropLast().split(separator: ",").map {
      String($0).trimming("'\"")
    }.filter { !$0.isEmpty }
  }
}
