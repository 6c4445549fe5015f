import FoundationEssentials

/// Reads the letter of an option out of a model's answer.
///
/// The rules, in order: the text is the letter; it begins with the letter (`B.`, `(B)`, `B:`); it says
/// “answer is B” or “option B”; exactly one letter stands alone in it, not counting an article “A”
/// within a sentence; the text of exactly one option occurs in it.
public enum ChoiceLetter {
  /// - Returns: the letter, or `nil` where it cannot be determined.
  public static func extract(
    _ prediction: String, options: [EvaluationItem.Option]
  ) -> String? {
    let text = prediction.trimming()
    let letters = Set(options.map(\.letter))
    func letter(_ text: some StringProtocol) -> String? {
      letters.contains(text.uppercased()) ? text.uppercased() : nil
    }
    let bare = text.trimming("()[].:*\"',")
    if let whole = letter(bare) { return whole }
    if let leading = leading(text).flatMap({ letter($0) }) { return leading }
    if let named = named(text, letters) { return named }
    let alone = lone(text, letters)
    if alone.count == 1, let only = alone.first { return only }
    return alone.isEmpty ? spelledOut(text, options) : nil
  }

  /// The letter of `B. …`, `(B) …`, `B) …`, `B: …`, `**B** …`.
  private static func leading(_ text: String) -> Substring? {
    let rest = text.drop { "([*".contains($0) }
    guard let first = rest.first, first.isLetter else { return nil }
    guard let next = rest.dropFirst().first, ".):]*,\n".contains(next) else { return nil }
    return rest.prefix(1)
  }

  /// The letter after “answer is”, “answer:” or “option”; the last occurrence counts.
  private static func named(_ text: String, _ letters: Set<String>) -> String? {
    let words = text.split { !($0.isLetter || $0.isNumber || $0 == "'") }
    var found: String?
    for (index, word) in words.enumerated() where letters.contains(String(word)) {
      let before = words[..<index].suffix(3).map { $0.lowercased() }
      let isNamed =
        before.last == "option" || before.last == "answer" || before.last == "choice"
        || (before.last == "is" && (before.contains("answer") || before.contains("option")))
      if isNamed, !isWord(index, of: words, in: text) { found = String(word) }
    }
    return found
  }

  /// Letters that stand alone.
  private static func lone(_ text: String, _ letters: Set<String>) -> Set<String> {
    let words = text.split { !($0.isLetter || $0.isNumber || $0 == "'") }
    return Set(
      words.indices.filter { index in
        letters.contains(String(words[index])) && !isWord(index, of: words, in: text)
      }.map { String(words[$0]) })
  }

  /// Words that can follow a letter but not the article “A”.
  private static let joints: Set<Substring> = [
    "and", "as", "because", "but", "fits", "is", "it", "looks", "nor", "or", "seems", "since",
    "so", "would",
  ]

  /// Whether a letter is a word instead: “I”, or “A” before a word of the same sentence.
  private static func isWord(_ index: Int, of words: [Substring], in text: String) -> Bool {
    if words[index] == "I" { return words.count > 1 }
    guard words[index] == "A", index + 1 < words.count else { return false }
    let next = words[index + 1]
    return next.first?.isLowercase == true && !joints.contains(next)
      && text[words[index].endIndex..<next.startIndex].allSatisfy(\.isWhitespace)
  }

  /// The option whose words occur in the text, if it is the only one or its text contains those of the
  /// others.
  private static func spelledOut(
    _ text: String, _ options: [EvaluationItem.Option]
  ) -> String? {
    let said = " " + AnswerText.normalized(text) + " "
    let found = options.filter { option in
      let words = AnswerText.normalized(option.text)
      return !words.isEmpty && said.contains(" " + words + " ")
    }
    let longest = found.max { $0.text.count < $1.text.count }
    guard let longest else { return nil }
    let own = " " + AnswerText.normalized(longest.text) + " "
    // “dark red” contains “red”, but “right” does not contain “left”.
    let isClear = found.allSatisfy { option in
      option == longest || own.contains(" " + AnswerText.normalized(option.text) + " ")
    }
    return isClear ? longest.letter : nil
  }
}
