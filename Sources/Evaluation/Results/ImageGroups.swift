import FoundationEssentials

/// Groups questions by their images and by the skill that they test.
struct ImageGroups {
  /// What the counts need to know about a row, besides right or wrong.
  struct Row {
    let isYesNo: Bool
    let skill: String?
    /// A number that is the same for rows with the same images.
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
      // MME asks two questions about an image within a category; those of another category are another
      // pair.
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
