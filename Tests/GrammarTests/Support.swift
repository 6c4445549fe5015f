import Diagnostics
import Grammar

/// A vocabulary of the 256 bytes and a few words, with the end token 300.
enum Vocabulary {
  static let end: Int32 = 300
  static let words = [
    "true", "tr", "\"", "\": ", "\", \"", "yes", "no", "{\"", "name", "\"}", ", ", ": ", "12", "é",
    // Beyond short tokens, beyond plain ones, and such as end within a string or a character.
    String(repeating: "a", count: 33), String(repeating: "a", count: 31),
    "abababababababababababab",
    "ab", "abc", "cab", "東京", "ab\"", "é\"", "a\", \"b", "\\n", "a\\", " a", "\", \"", "\"]",
  ]
  static let trie = TokenTrie(idBound: 256 + words.count) { id in
    id < 256 ? [UInt8(id)] : Array(words[Int(id) - 256].utf8)[...]
  }

  static func guide(_ grammar: Grammar) throws -> TokenGuide {
    try TokenGuide(grammar, trie, stopTokens: [end], idBound: 301)
  }

  /// The token of a word.
  static func id(_ word: String) -> Int32? {
    words.firstIndex(of: word).map { Int32(256 + $0) }
  }
}

extension Grammar {
  /// Whether a text has the form, as a whole.
  func takes(_ text: String) throws -> Bool {
    let guide = try Vocabulary.guide(self)
    return try guide.accept(text.utf8) && guide.isComplete
  }
}

/// The failure that a form is refused with.
func refusal(_ make: () throws -> Grammar) -> Failure? {
  do {
    _ = try make()
    return nil
  } catch { return error as? Failure }
}
