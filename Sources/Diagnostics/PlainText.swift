/// Text from elsewhere, made fit for a terminal: file names, answers and messages may hold characters
/// that move the cursor, change colors or turn the direction of what stands beside them.
public enum PlainText {
  /// The text on one line, without such characters.
  public static func line(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator: result += " "
      // Joiners change nothing but the letters and emoji beside them.
      case .format where scalar.value != 0x200C && scalar.value != 0x200D: break
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// The same for text of several lines, which stay.
  public static func lines(_ text: String) -> String {
    text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
      .map { line(String($0)) }.joined(separator: "\n")
  }

  /// JSON that says the same and in which such characters are written as escapes (RFC 8259, 7).
  ///
  /// Outside of its texts JSON has none of them, but for line feeds and tabs, which stay.
  public static func json(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 >= 0x7F }) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      guard isEscaped(scalar) else {
        result.unicodeScalars.append(scalar)
        continue
      }
      for unit in String(scalar).utf16 {
        let digits = String(unit, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      }
    }
    return result
  }

  private static func isEscaped(_ scalar: Unicode.Scalar) -> Bool {
    guard scalar.value >= 0x7F else { return false }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: return true
    default: return false
    }
  }
}
