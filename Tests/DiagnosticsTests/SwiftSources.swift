import Foundation

/// The Swift files of the program, found by the place of this one.
enum SwiftSources {
  /// Every file under `Sources` with its text, without the lines that are comments.
  static func files() throws -> [(path: String, text: String)] {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Sources").path
    return try FileManager.default.subpathsOfDirectory(atPath: root).sorted()
      .filter { $0.hasSuffix(".swift") }
      .map { path in
        let text = try String(contentsOfFile: root + "/" + path, encoding: .utf8)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
          .filter { !$0.trimmingCharacters(in: .whitespaces).hasPrefix("//") }
        return (path, lines.joined(separator: "\n"))
      }
  }

  /// The string literals of the argument that begins here, each without its quotes; strings within an
  /// interpolation are part of the literal around them.
  static func literals(ofArgument text: Substring) -> [String] {
    var literals: [String] = []
    var depth = 0
    var rest = text
    while let character = rest.first {
      switch character {
      case "\"":
        let literal = quoted(rest)
        literals.append(String(literal.dropFirst().dropLast()))
        rest = rest[literal.endIndex...]
        continue
      case "(", "[", "{": depth += 1
      case ")", "]", "}": depth -= 1
      case ",": if depth == 0 { return literals }
      default: break
      }
      if depth < 0 { return literals }
      rest.removeFirst()
    }
    return literals
  }

  /// The literal that begins with this quote, through its last quote.
  private static func quoted(_ text: Substring) -> Substring {
    var index = text.index(after: text.startIndex)
    while index < text.endIndex, text[index] != "\"" {
      if text[index] == "\\" {
        index = text.index(after: index)
        if text[index] == "(" { index = closing(text, index) }
      }
      index = text.index(after: index)
    }
    return text[..<text.index(after: index)]
  }

  /// The parenthesis that closes the one at `start`.
  private static func closing(_ text: Substring, _ start: String.Index) -> String.Index {
    var depth = 0
    var index = start
    while true {
      switch text[index] {
      case "(": depth += 1
      case ")": depth -= 1
      case "\"":
        index = quoted(text[index...]).endIndex
        continue
      default: break
      }
      if depth == 0 { return index }
      index = text.index(after: index)
    }
  }
}
