import Diagnostics

/// Replaces `^` and `$`: the result always takes the whole text.
struct AnchorResolver {
  /// What lies at one end of a part.
  private enum Edge {
    /// Other parts of the expression.
    case inside
    /// The end of the text.
    case text
    /// Any text, unless there is an anchor.
    case search
  }

  /// The expression that takes a text where the whole of it fits `node`.
  ///
  /// - Throws: `grammar.unsupported` for anchors in the middle.
  static func whole(_ node: RegexNode) throws(Failure) -> RegexNode {
    try resolve(node, .text, .text)
  }

  /// The expression that takes a text where `node` is found anywhere in it.
  ///
  /// - Throws: `grammar.unsupported` for anchors in the middle.
  static func search(_ node: RegexNode) throws(Failure) -> RegexNode {
    try resolve(node, .search, .search)
  }

  private static func resolve(
    _ node: RegexNode, _ start: Edge, _ end: Edge
  ) throws(Failure) -> RegexNode {
    switch node {
    case .either(let branches):
      var result: [RegexNode] = []
      for branch in branches { result.append(try resolve(branch, start, end)) }
      return .either(result)
    case .sequence(let parts): return try resolve(parts[...], start, end)
    case .start, .end: return try resolve([node], start, end)
    case .scalar: return wrapped(node, start, end)
    case .repeated(let part, let min, let max):
      let inner = try resolve(part, .inside, .inside)
      return wrapped(.repeated(inner, min: min, max: max), start, end)
    }
  }

  private static func resolve(
    _ parts: ArraySlice<RegexNode>, _ start: Edge, _ end: Edge
  ) throws(Failure) -> RegexNode {
    var (parts, start, end) = (parts, start, end)
    while case .start? = parts.first {
      guard start != .inside else { throw misplaced("^") }
      start = .text
      parts.removeFirst()
    }
    while case .end? = parts.last {
      guard end != .inside else { throw misplaced("$") }
      end = .text
      parts.removeLast()
    }
    guard let first = parts.first, let last = parts.last else {
      return wrapped(.sequence([]), start, end)
    }
    if parts.count == 1 {
      return try resolve(first, start, end)
    }
    var result = [try resolve(first, start, .inside)]
    for part in parts.dropFirst().dropLast() { result.append(try resolve(part, .inside, .inside)) }
    result.append(try resolve(last, .inside, end))
    return .sequence(result)
  }

  private static func wrapped(_ node: RegexNode, _ start: Edge, _ end: Edge) -> RegexNode {
    guard start == .search || end == .search else { return node }
    var parts = [node]
    if start == .search { parts.insert(.anything, at: 0) }
    if end == .search { parts.append(.anything) }
    return .sequence(parts)
  }

  private static func misplaced(_ anchor: String) -> Failure {
    Failure(
      .usage, code: .grammarUnsupported,
      "the expression has “\(anchor)” where other parts are beside it",
      remedy: "Write “^” at the beginning and “$” at the end of a branch.")
  }
}
