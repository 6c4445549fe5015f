/// Separates what a model thinks, up to `</think>`, from what it answers after that.
///
/// The markers are looked for in the generated text, piece by piece. What may be the beginning of one is
/// held back until the next piece.
struct ThoughtSplitter {
  /// The text of the thought without its markers; `nil` where the model did not think.
  private(set) var thought: String?
  /// The text after the thought.
  private(set) var answer = ""

  private enum Place {
    /// At the beginning of a text that may open a thought itself.
    case start
    case thought
    /// After a thought, before the answer's first character.
    case between
    case answer
  }

  private static let opening = "<think>"
  /// What ends a thought.
  static let closing = "</think>"

  private var place: Place
  private var pending = ""

  /// Whether the text so far ends inside a thought.
  var isThinking: Bool { place == .thought }

  /// A splitter before the first piece.
  ///
  /// - Parameters:
  ///   - isSplit: whether the model thinks at all; if not, all text is the answer.
  ///   - isOpen: whether the prompt has opened a thought.
  init(isSplit: Bool, isOpen: Bool) {
    place = isOpen ? .thought : isSplit ? .start : .answer
    if isOpen { thought = "" }
  }

  /// Takes the next piece of generated text.
  ///
  /// - Parameter isLast: whether no more will come.
  /// - Returns: the next piece of the thought and of the answer.
  mutating func feed(_ piece: String, isLast: Bool = false) -> (thought: String, answer: String) {
    pending += piece
    var said = (thought: "", answer: "")
    if place == .start, let rest = opened(isLast) {
      pending = rest
    }
    if place == .thought {
      let text = thoughtText(isLast)
      said.thought = (thought ?? "").isEmpty ? String(text.drop(while: \.isNewline)) : text
      thought = (thought ?? "") + said.thought
    }
    if place == .between {
      pending = String(pending.drop(while: \.isNewline))
      if !pending.isEmpty { place = .answer }
    }
    if place == .answer {
      said.answer = pending
      answer += pending
      pending = ""
    }
    if isLast, let text = thought { thought = String(text.trimmingNewlinesAtEnd) }
    return said
  }

  /// Takes all that follows as the answer, white space at its beginning included.
  mutating func beginAnswer() {
    place = .answer
    pending = ""
  }

  /// Decides at the beginning whether the text opens a thought.
  ///
  /// - Returns: the text from there on; `nil` while it may still do either.
  private mutating func opened(_ isLast: Bool) -> String? {
    let text = pending.drop(while: \.isWhitespace)
    if text.hasPrefix(Self.opening) {
      place = .thought
      thought = ""
      return String(text.dropFirst(Self.opening.count))
    }
    if Self.opening.hasPrefix(text), !isLast { return nil }
    place = .answer
    return pending
  }

  /// Takes the text of a thought out of what is pending, up to its end or what may be its end.
  private mutating func thoughtText(_ isLast: Bool) -> String {
    if let end = pending.firstRange(of: Self.closing) {
      let text = String(pending[..<end.lowerBound])
      pending = String(pending[end.upperBound...])
      place = .between
      return text
    }
    let kept = isLast ? 0 : Self.unfinished(pending)
    let text = String(pending.dropLast(kept))
    pending = String(pending.suffix(kept))
    return text
  }

  /// The length of the longest end of a text that the closing marker begins with.
  private static func unfinished(_ text: String) -> Int {
    (1..<closing.count).last { text.hasSuffix(closing.prefix($0)) } ?? 0
  }
}

extension String {
  fileprivate var trimmingNewlinesAtEnd: Substring {
    var text = self[...]
    while text.last?.isNewline == true { text.removeLast() }
    return text
  }
}
