import Diagnostics

/// Reads a regular expression: what ECMA-262, Python, Rust and PCRE write in the same way.
///
/// What is not a regular expression in the strict sense (looking around, backreferences) or is written
/// differently from dialect to dialect is refused by name.
struct RegexParser {
  let scalars: [Unicode.Scalar]
  var position = 0
  private var depth = 0

  private init(_ text: String) { scalars = Array(text.unicodeScalars) }

  /// Reads an expression.
  ///
  /// - Throws: `grammar.regex`, `grammar.unsupported`, `grammar.too-large`.
  static func parse(_ text: String) throws(Failure) -> RegexNode {
    guard text.utf8.count <= GrammarLimits.textBytes else {
      throw Failure(
        .usage, code: .grammarTooLarge,
        "the expression has \(text.utf8.count) bytes, more than \(GrammarLimits.textBytes)",
        remedy: "Write a shorter one.")
    }
    var parser = RegexParser(text)
    let node = try parser.alternatives()
    guard parser.peek == nil else { throw parser.wrong("a “)” closes nothing") }
    return node
  }

  var peek: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

  /// Takes a text if it comes next.
  mutating func take(_ text: String) -> Bool {
    guard scalars[position...].starts(with: text.unicodeScalars) else { return false }
    position += text.unicodeScalars.count
    return true
  }

  /// An error at the current position.
  func wrong(_ message: String) -> Failure {
    Failure(
      .usage, code: .grammarRegex,
      "the expression “\(shown)” is wrong at character \(position + 1): \(message)",
      remedy: "Write special characters that stand for themselves with a backslash.")
  }

  /// The failure for a part that is not supported.
  func unsupported(_ name: String) -> Failure {
    Failure(
      .usage, code: .grammarUnsupported,
      "the expression “\(shown)” has \(name) at character \(position + 1)",
      remedy: "Write it without; docs/answers.md lists what is supported.")
  }

  private var shown: String {
    let text = String(String.UnicodeScalarView(scalars.prefix(80)))
    return scalars.count > 80 ? text + "…" : text
  }

  private mutating func alternatives() throws(Failure) -> RegexNode {
    depth += 1
    defer { depth -= 1 }
    guard depth <= GrammarLimits.depth else {
      throw Failure(
        .usage, code: .grammarTooLarge,
        "the groups of the expression lie more than \(GrammarLimits.depth) deep in each other",
        remedy: "Write a simpler one.")
    }
    var branches = [try sequence()]
    while take("|") { branches.append(try sequence()) }
    return branches.count == 1 ? branches[0] : .either(branches)
  }

  private mutating func sequence() throws(Failure) -> RegexNode {
    var parts: [RegexNode] = []
    while let next = peek, next != "|", next != ")" {
      let atom = try atom(next)
      parts.append(try quantified(atom))
    }
    return parts.count == 1 ? parts[0] : .sequence(parts)
  }

  private mutating func atom(_ first: Unicode.Scalar) throws(Failure) -> RegexNode {
    switch first {
    case "(": return try group()
    case "[":
      position += 1
      return .scalar(try bracket())
    case ".":
      position += 1
      return .scalar(ScalarClass.point.certain)
    case "^":
      position += 1
      return .start
    case "$":
      position += 1
      return .end
    case "\\": return .scalar(try escape(inBracket: false).certain)
    case "*", "+", "?": throw wrong("nothing comes before “\(first)”")
    case "{", "}", "]": throw wrong("“\(first)” has to be written “\\\(first)”")
    default:
      position += 1
      return .scalar(ScalarSet([first.value...first.value]))
    }
  }

  private mutating func group() throws(Failure) -> RegexNode {
    for (text, name) in [
      ("(?=", "a lookahead"), ("(?!", "a lookahead"), ("(?<=", "a lookbehind"),
      ("(?<!", "a lookbehind"), ("(?>", "an atomic group"), ("(?P=", "a backreference"),
      ("(?#", "a comment"), ("(?(", "a condition"),
    ] where scalars[position...].starts(with: text.unicodeScalars) {
      throw unsupported("\(name) “\(text)”")
    }
    if take("(?P<") || take("(?<") {
      while let next = peek, next != ">" {
        guard next == "_" || next.properties.isAlphabetic || next.properties.numericType != nil
        else { throw wrong("the name of a group has letters, digits and “_” only") }
        position += 1
      }
      guard take(">") else { throw wrong("the name of a group ends with “>”") }
    } else if !take("(?:") {
      if scalars[position...].starts(with: "(?".unicodeScalars) { throw unsupported("flags “(?”") }
      position += 1
    }
    let node = try alternatives()
    guard take(")") else { throw wrong("a “(” is not closed") }
    return node
  }

  private mutating func quantified(_ atom: RegexNode) throws(Failure) -> RegexNode {
    let start = position
    let bounds: (min: Int, max: Int?)
    switch peek {
    case "*": bounds = (0, nil)
    case "+": bounds = (1, nil)
    case "?": bounds = (0, 1)
    case "{":
      position += 1
      bounds = try counts()
    default: return atom
    }
    if case .start = atom { throw wrong("“^” cannot be repeated") }
    if case .end = atom { throw wrong("“$” cannot be repeated") }
    position += 1
    // A lazy repetition takes the same texts.
    if !take("?"), peek == "+" { throw unsupported("a possessive repetition “+”") }
    if let next = peek, ["*", "+", "?", "{"].contains(next) {
      throw wrong("a repetition is repeated")
    }
    let largest = max(bounds.min, bounds.max ?? 0)
    guard largest <= GrammarLimits.repetition else {
      position = start
      throw Failure(
        .usage, code: .grammarTooLarge,
        "the expression repeats a part \(largest) times, more than \(GrammarLimits.repetition)",
        remedy: "Lower the bound, or leave it out.")
    }
    return .repeated(atom, min: bounds.min, max: bounds.max)
  }

  /// Reads `n}`, `n,}` or `n,m}` up to the brace.
  private mutating func counts() throws(Failure) -> (min: Int, max: Int?) {
    let least = number()
    var most = least
    if take(",") { most = peek == "}" ? nil : number() ?? -1 }
    guard let least, peek == "}" else { throw wrong("“{” needs one or two numbers and a “}”") }
    if let most, most < least { throw wrong("the numbers in “{}” have to ascend") }
    return (least, most)
  }

  private mutating func number() -> Int? {
    var value: Int?
    while let digit = peek, ("0"..."9").contains(digit) {
      // Saturates, so that a long number is refused as too large.
      value = min((value ?? 0) * 10 + Int(digit.value - 0x30), 1 << 40)
      position += 1
    }
    return value
  }
}
