import Diagnostics

/// Turns expressions into what the automaton reads.
enum RegexCompiler {
  /// Adds an expression without anchors to a program's rules.
  static func expression(
    _ node: RegexNode, _ encoding: ScalarEncoding, _ builder: inout ProgramBuilder
  ) -> Expression {
    switch node {
    case .scalar(let set):
      let expression = encoding.expression(set)
      // Classes such as \p{L} take hundreds of steps.
      return set.ranges.count > 4 ? builder.rule(expression) : expression
    case .sequence(let parts):
      return .sequence(parts.map { self.expression($0, encoding, &builder) })
    case .either(let branches):
      return .either(branches.map { self.expression($0, encoding, &builder) })
    case .repeated(let part, let min, let max):
      return .repeated(expression(part, encoding, &builder), min: min, max: max)
    // The resolver has replaced them.
    case .start, .end: return .empty
    }
  }

  /// The program whose texts fit an expression as a whole, as vLLM and others read an expression for
  /// answers.
  ///
  /// - Throws: `grammar.regex`, `grammar.unsupported`, `grammar.too-large`, `grammar.empty`.
  static func program(_ text: String) throws(Failure) -> Program {
    let node = try AnchorResolver.whole(try RegexParser.parse(text))
    var builder = ProgramBuilder()
    let expression = expression(node, .plain, &builder)
    return try builder.program(expression)
  }
}
