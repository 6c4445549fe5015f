import Diagnostics
import Grammar
import Models
import Tokenizer

/// The forms of answers that a session has compiled, and the tree of its vocabulary.
final class AnswerForms {
  /// The most forms that are kept.
  private static let kept = 8

  private var vocabulary: TokenTrie?
  private var guides: [(form: AnswerForm, guide: TokenGuide)] = []

  /// Nothing compiled yet.
  init() {}

  /// The tree of a tokenizer's vocabulary.
  func trie(_ tokenizer: Tokenizer) -> TokenTrie {
    if let vocabulary { return vocabulary }
    let trie = TokenTrie(idBound: tokenizer.idBound) { tokenizer.bytes(ofTextToken: $0) }
    vocabulary = trie
    return trie
  }

  /// The guide of a form, before the first token; `nil` for free answers and choices.
  ///
  /// - Throws: `grammar.*` for a form that cannot be compiled.
  func guide(
    _ form: AnswerForm, _ model: any VisionLanguageModel
  ) throws(Failure) -> TokenGuide? {
    let grammar: Grammar
    if let known = guides.first(where: { $0.form == form }) {
      known.guide.restart()
      return known.guide
    }
    switch form {
    case .free, .choices: return nil
    case .schema(let text): grammar = try .schema(text)
    case .regex(let text): grammar = try .regex(text)
    }
    let guide = try TokenGuide(
      grammar, trie(model.assets.tokenizer), stopTokens: model.assets.stopTokens,
      idBound: model.shape.text.vocabularySize,
      mayBeginWithSpace: model.assets.tokenizer.stripsFirstSpace)
    guides.append((form, guide))
    if guides.count > Self.kept { guides.removeFirst() }
    return guide
  }
}
