extension WorkerSummary {
  /// The most warnings or notes that are listed; all of them are in `answer.json`.
  public static let mostTexts = 20
  /// The most bytes of one of them.
  static let longestText = 500

  /// Adds warnings and notes that are not there yet, shortened to what fits into a list.
  public mutating func add(warnings: [String], notes: [String]) {
    self.warnings = Self.listed((self.warnings ?? []) + warnings)
    self.notes = Self.listed((self.notes ?? []) + notes)
  }

  /// Each text once, and the number of those that are more than are listed; `nil` for none.
  public static func listed(_ texts: [String]) -> [String]? {
    var known: Set<String> = []
    var result: [String] = []
    for text in texts {
      let short = WorkerEvent.text(text, longestText)
      if known.insert(short).inserted { result.append(short) }
    }
    // One more would take the line that says so.
    if result.count > mostTexts + 1 {
      let rest = result.count - mostTexts
      result = result.prefix(mostTexts) + ["\(rest) more are in answer.json"]
    }
    return result.isEmpty ? nil : result
  }
}
