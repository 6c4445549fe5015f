/// What is left of a text of a person when everything is gone that only editors put there.
enum QuestionText {
  private static let mark: Unicode.Scalar = "\u{FEFF}"
  /// Characters without width that mean nothing at the ends of a text: zero width space, the marks of
  /// direction, word joiner.
  private static let unseen: Set<Unicode.Scalar> = ["\u{200B}", "\u{200E}", "\u{200F}", "\u{2060}"]

  /// The text with line feeds as its only line ends, and without byte order marks. Files that were
  /// joined have these inside, too.
  static func normal(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    var isAfterReturn = false
    for scalar in text.unicodeScalars where scalar != mark {
      if scalar == "\r" || (scalar == "\n" && !isAfterReturn) {
        result.append("\n")
      } else if scalar != "\n" {
        result.append(scalar)
      }
      isAfterReturn = scalar == "\r"
    }
    return String(result)
  }

  /// The text as a question, without white space at its ends; `nil` where there is nothing to see.
  static func question(_ text: String) -> String? {
    let scalars = Array(normal(text).unicodeScalars)
    func isBlank(_ scalar: Unicode.Scalar) -> Bool {
      scalar.properties.isWhitespace || unseen.contains(scalar)
    }
    guard scalars.contains(where: isSeen), let first = scalars.firstIndex(where: { !isBlank($0) }),
      let last = scalars.lastIndex(where: { !isBlank($0) })
    else { return nil }
    var result = String.UnicodeScalarView()
    result.append(contentsOf: scalars[first...last])
    return String(result)
  }

  private static func isSeen(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator: false
    default: true
    }
  }
}
