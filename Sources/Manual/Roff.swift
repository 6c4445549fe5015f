/// Escapes text for roff.
enum Roff {
  /// Text on one line without requests or escapes.
  static func text(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "\\": result += "\\e"
      // A hyphen of a command has to stay a hyphen, so that it can be searched for and copied.
      case "-": result += "\\-"
      case "'": result += "\\(aq"
      case "`": result += "\\(ga"
      case "~": result += "\\(ti"
      case "^": result += "\\(ha"
      case "\n": result += " "
      case let other where !other.isASCII:
        for scalar in other.unicodeScalars {
          let digits = String(scalar.value, radix: 16, uppercase: true)
          result += "\\[u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + "]"
        }
      default: result.append(character)
      }
    }
    // At the start of a line a period begins a request.
    return result.hasPrefix(".") ? "\\&" + result : result
  }

  /// Text as one argument of a macro.
  static func quoted(_ text: String) -> String {
    "\"\(self.text(text).replacing("\"", with: "\\(dq"))\""
  }

  /// A word as an argument of a macro that needs no quotes.
  static func word(_ text: String) -> String { self.text(text).replacing(" ", with: "\\ ") }

  /// The paragraphs of a text, separated by blank lines.
  static func paragraphs(_ text: String) -> String {
    text.split(separator: "\n\n").map { self.text(String($0)) }.joined(separator: "\n.PP\n") + "\n"
  }
}
