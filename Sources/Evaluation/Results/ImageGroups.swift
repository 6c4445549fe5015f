import FoundationEssentials

/// Which questions are about the same pictures, and what each is a test of.
struct ImageGroups {
  /// What a row brings to the counts beyond right or wrong.
  struct Row {
    let isYesNo: Bool
    let skill: String?
    /// The same for rows with the same pictures.
    let pictures: Int
  }

  private(set) var rows: [Int: Row] = [:]

  init(_ rows: ArraySlice<DataRow>) {
    var numbers: [String: Int] = [:]
    for row in rows {
      guard case .success(let item) = row.item else { continue }
      guard item.form == .yesNo else {
        self.rows[row.number] = Row(isYesNo: false, skill: item.skill, pictures: -row.number)
        continue
      }
      // MME asks about a picture twice within a category; another category is another pair.
      let mark =
        item.media.map(Self.mark).joined(separator: " ") + " " + (item.skill ?? "")
      let number = numbers[mark] ?? numbers.count
      numbers[mark] = number
      self.rows[row.number] = Row(
        isYesNo: true, skill: item.skill, pictures: number)
    }
  }

  private static func mark(_ reference: EvaluationItem.MediaReference) -> String {
    switch reference {
    case .file(let path): "file \(path)"
    case .base64(let text): "bytes \(text.count) \(Fingerprint.number(text))"
    }
  }
}
