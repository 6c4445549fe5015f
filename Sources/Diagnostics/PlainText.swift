/// Makes text from other sources safe for a terminal: file names, answers and messages may contain
/// characters that move the cursor, change colors or change the direction of the text beside them.
public enum PlainText {
  /// The text on one line, without such characters.
  public static func line(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator: result += " "
      // Joiners only affect the letters and emoji beside them.
      case .format where scalar.value != 0x200C && scalar.value != 0x200D: break
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// The same for text of several lines; line feeds stay.
  public static func lines(_ text: String) -> String {
    text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
      .map { line(String($0)) }.joined(separator: "\n")
  }

  /// Equivalent JSON in which such characters are written as escapes (RFC 8259, 7).
  ///
  /// Outside of its strings JSON has no such characters except line feeds and tabs, which stay.
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
