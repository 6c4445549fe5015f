import Diagnostics
import Grammar
import Tokenizer

/// Tokens that have to come next because the form leaves no choice.
struct ForcedTokens {
  /// The tokens.
  let tokens: [Int32]
  /// Their bytes.
  let bytes: [UInt8]

  /// The tokens that the model would write for what has to come next. The last of them are left to the
  /// model where a longer token could begin in their place, so that nothing is cut that it would join.
  ///
  /// - Throws: `grammar.too-large`.
  init(_ guide: TokenGuide, _ tokenizer: Tokenizer) throws(Failure) {
    let forced = try guide.forcedBytes()
    // What is no text by itself, such as the first byte of a character, is left to the model, too.
    guard !forced.isEmpty, let text = Self.text(forced) else {
      (tokens, bytes) = ([], [])
      return
    }
    let end = min(try guide.firstOpenEnd(in: forced), text.utf8.count)
    var kept: [Int32] = []
    var length = 0
    for token in tokenizer.encode(text, isBeginning: false) {
      let piece = tokenizer.bytes(ofTextToken: token)
      // Tokenizers may compose characters, which would change the form.
      guard length + piece.count <= end, forced[length...].starts(with: piece) else { break }
      kept.append(token)
      length += piece.count
    }
    tokens = kept
    bytes = Array(forced[..<length])
  }

  /// The text of bytes up to a character that is not whole.
  private static func text(_ bytes: [UInt8]) -> String? {
    for missing in 0...min(3, bytes.count - 1) {
      if let text = String(validating: bytes.dropLast(missing), as: UTF8.self) { return text }
    }
    return nil
  }
}
