/// Reads boxes between marks: those that Qwen's and InternVL's tokenizers have tokens for.
struct MarkReader {
  private enum Mark: CaseIterable {
    case label, labelEnd, box, boxEnd

    /// How it is written, by Qwen and by InternVL.
    var texts: [String] {
      switch self {
      case .label: ["<|object_ref_start|>", "<ref>"]
      case .labelEnd: ["<|object_ref_end|>", "</ref>"]
      case .box: ["<|box_start|>", "<box>"]
      case .boxEnd: ["<|box_end|>", "</box>"]
      }
    }
  }

  private static let marks: [(mark: Mark, bytes: [UInt8])] = Mark.allCases.flatMap { mark in
    mark.texts.map { (mark, Array($0.utf8)) }
  }

  private let bytes: [UInt8]
  private var result: PlacedFindings
  private var label: String?

  init(_ bytes: [UInt8], limit: Int) {
    self.bytes = bytes
    result = PlacedFindings(limit: limit)
  }

  /// All boxes whose end mark was written.
  mutating func read() -> PlacedFindings {
    // The mark that is open, and where its text begins.
    var open: (mark: Mark, start: Int)?
    var position = 0
    while let at = bytes[position...].firstIndex(of: UInt8(ascii: "<")) {
      guard let (mark, length) = mark(at: at) else {
        position = at + 1
        continue
      }
      switch (mark, open?.mark) {
      case (.labelEnd, .label): label = LabelText.clipped(bytes[(open?.start ?? at)..<at])
      case (.boxEnd, .box): add(bytes[(open?.start ?? at)..<at])
      default: break
      }
      position = at + length
      open = mark == .label || mark == .box ? (mark, position) : nil
    }
    return result
  }

  private func mark(at start: Int) -> (Mark, length: Int)? {
    for (mark, text) in Self.marks where bytes[start...].starts(with: text) {
      return (mark, text.count)
    }
    return nil
  }

  /// Adds what is written between two marks: boxes of four numbers each, or one point.
  private mutating func add(_ text: ArraySlice<UInt8>) {
    var numbers: [Double] = []
    var count = 0
    for word in text.split(whereSeparator: { !NumberText.isPart($0) }) {
      count += 1
      guard let number = NumberText.value(word) else { return result.fail() }
      numbers.append(number)
      guard numbers.count == 4 else { continue }
      result.add(Finding(.box, label: label, numbers: numbers), at: text.startIndex)
      numbers = []
    }
    if count == 2 {
      result.add(Finding(.point, label: label, numbers: numbers), at: text.startIndex)
    } else if count == 0 || !numbers.isEmpty {
      result.fail()
    }
  }
}
