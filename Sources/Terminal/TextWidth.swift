import Diagnostics

/// The width of text on a terminal, in columns.
public enum TextWidth {
  /// The columns of a text without control characters.
  public static func columns(_ text: String) -> Int {
    text.reduce(0) { $0 + columns($1) }
  }

  /// The text if it is narrow enough; otherwise its beginning and an ellipsis.
  public static func cut(_ text: String, to most: Int) -> String {
    guard columns(text) > most else { return text }
    guard most > 0 else { return "" }
    var result = ""
    var used = 1
    for character in text {
      used += columns(character)
      if used > most { break }
      result.append(character)
    }
    return result + "…"
  }

  /// The text in lines that are narrow enough, broken at spaces where possible.
  public static func wrapped(_ text: String, to most: Int) -> [String] {
    let most = max(8, most)
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
      var rest = String(word)
      if !line.isEmpty {
        if columns(line) + 1 + columns(rest) <= most {
          line += " " + rest
          continue
        }
        lines.append(line)
        line = ""
      }
      // A word that is wider than a line is broken anywhere.
      while columns(rest) > most {
        var part = ""
        while let next = rest.first, columns(part) + columns(next) <= most {
          part.append(next)
          rest.removeFirst()
        }
        lines.append(part)
      }
      line = rest
    }
    return lines + [line]
  }

  /// The text on one line, without characters that move the cursor or change colors.
  public static func plain(_ text: String) -> String {
    PlainText.line(text)
  }

  private static func columns(_ character: Character) -> Int {
    guard let scalar = character.unicodeScalars.first else { return 0 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    let isWide =
      character.unicodeScalars.contains { $0.value == 0xFE0F || $0.properties.isEmojiPresentation }
      || wide.contains { $0.contains(scalar.value) }
    return isWide ? 2 : 1
  }

  // East Asian wide and full-width characters (Unicode Standard Annex 11), by block.
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
    0xA000...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
    0xFFE0...0xFFE6, 0x20000...0x3FFFD,
  ]
}
