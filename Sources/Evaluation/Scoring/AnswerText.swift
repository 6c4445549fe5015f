import FoundationEssentials

/// Normalizes open answers, so that equal answers become equal texts (the rules of the VQA evaluation:
/// case, punctuation, articles, number words).
public enum AnswerText {
  private static let articles: Set<String> = ["a", "an", "the"]
  private static let numbers: [String: String] = {
    let words = [
      "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
      "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
      "nineteen", "twenty",
    ]
    var numbers = Dictionary(
      uniqueKeysWithValues: words.enumerated().map { ($0.element, String($0.offset)) })
    numbers["none"] = "0"
    return numbers
  }()

  /// `The  Two, dogs!` → `2 dogs`.
  public static func normalized(_ text: String) -> String {
    words(text).joined(separator: " ")
  }

  /// The words that are compared, in order.
  static func words(_ text: String) -> [String] {
    var plain = ""
    let characters = Array(text.lowercased())
    for (index, character) in characters.enumerated() {
      if character.isLetter || character.isNumber {
        plain.append(character)
      } else if character == "'" || character == "’" || character == "`" {
        // "don't" and "dont" are one word.
        continue
      } else if character == "." || character == "," {
        let before = index > 0 && characters[index - 1].isNumber
        let after = index + 1 < characters.count && characters[index + 1].isNumber
        // 3.5 stays one word, and 1,000 becomes 1000.
        if before, after {
          if character == "." { plain.append(character) }
        } else {
          plain.append(" ")
        }
      } else if character == "-", index + 1 < characters.count, characters[index + 1].isNumber,
        index == 0 || characters[index - 1].isWhitespace
      {
        plain.append(character)
      } else {
        plain.append(" ")
      }
    }
    let all = plain.split(separator: " ").map(String.init)
    let telling = all.filter { !articles.contains($0) }
    // In an answer that is only “A”, this is a letter, not an article.
    return (telling.isEmpty ? all : telling).map { numbers[$0] ?? $0 }
  }
}
