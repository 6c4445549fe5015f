import Diagnostics

extension SchemaCompiler {
  /// Any JSON value.
  var anything: Expression {
    mutating get {
      common(.anything) { compiler in
        let (value, string) = (compiler.anything, compiler.anyString)
        let member = Expression.sequence([string, .text(": "), value])
        return .either([
          Self.enclosed("{", Self.list(member, min: 0, max: nil), "}"),
          Self.enclosed("[", Self.list(value, min: 0, max: nil), "]"),
          string, compiler.anyNumber, .text("true"), .text("false"), .text("null"),
        ])
      }
    }
  }

  /// Any JSON string.
  var anyString: Expression {
    mutating get {
      common(.string) { compiler in
        let character = compiler.character
        return Self.quoted(.repeated(character, min: 0, max: nil))
      }
    }
  }

  private var anyNumber: Expression {
    mutating get {
      common(.number) { _ in NumberBounds(low: nil, high: nil, isWhole: false).expression }
    }
  }

  /// One scalar inside of a JSON string, however it is written.
  private var character: Expression {
    mutating get {
      common(.character) { _ in
        let hexadecimal = Expression.any(of: "0123456789abcdefABCDEF")
        return .either([
          ScalarEncoding.utf8(ScalarSet.all.subtracting(ScalarEncoding.escaped)),
          .sequence([.text(#"\"#), .any(of: #""\/bfnrt"#)]),
          .sequence([
            .text(#"\u"#), .any(of: "0123456789abcefABCEF"),
            .repeated(hexadecimal, min: 3, max: 3),
          ]),
          .sequence([
            .text(#"\u"#), .any(of: "dD"), .any(of: "01234567"),
            .repeated(hexadecimal, min: 2, max: 2),
          ]),
          // Half of a pair of surrogates is no character.
          .sequence([
            .text(#"\u"#), .any(of: "dD"), .any(of: "89abAB"),
            .repeated(hexadecimal, min: 2, max: 2),
            .text(#"\u"#), .any(of: "dD"), .any(of: "cdefCDEF"),
            .repeated(hexadecimal, min: 2, max: 2),
          ]),
        ])
      }
    }
  }

  /// A text in quotes.
  static func quoted(_ content: Expression) -> Expression {
    .sequence([.text("\""), content, .text("\"")])
  }

  /// What lies between two marks.
  static func enclosed(_ open: String, _ content: Expression, _ close: String) -> Expression {
    .sequence([.text(open), content, .text(close)])
  }

  /// From `min` to `max` times the same with commas between.
  static func list(_ element: Expression, min: Int, max: Int?) -> Expression {
    if let max, max < min { return .nothing }
    if max == 0 { return .empty }
    let rest = Expression.repeated(
      .sequence([.text(", "), element]), min: Swift.max(0, min - 1), max: max.map { $0 - 1 })
    let list = Expression.sequence([element, rest])
    return min == 0 ? .optional(list) : list
  }

  /// The strings that are valid by a schema.
  mutating func string(
    _ schema: SchemaValue, at pointer: String
  ) throws(Failure) -> Expression {
    let min = try count("minLength", of: schema, at: pointer) ?? 0
    let max = try count("maxLength", of: schema, at: pointer)
    if let max, max < min { return .nothing }
    guard let pattern = schema["pattern"] else {
      if min == 0, max == nil { return anyString }
      return Self.quoted(.repeated(character, min: min, max: max))
    }
    guard case .text(let text) = pattern else {
      throw wrong(pointer + "/pattern", "is no expression")
    }
    let node: RegexNode
    do {
      node = try AnchorResolver.search(try RegexParser.parse(text))
    } catch {
      throw Failure(
        error.kind, code: error.code, "the schema at “\(pointer)/pattern”: \(error.message)",
        remedy: error.remedy)
    }
    if min == 0, max == nil {
      return Self.quoted(RegexCompiler.expression(node, .json, &builder))
    }
    return Self.quoted(
      try LengthBound.expression(node, min: min, max: max, .json, &builder))
  }

  /// The numbers that are valid by a schema.
  func number(
    _ schema: SchemaValue, isWhole: Bool, at pointer: String
  ) throws(Failure) -> Expression {
    var bounds = NumberBounds(low: nil, high: nil, isWhole: isWhole)
    for (name, isIncluded) in [("minimum", true), ("exclusiveMinimum", false)] {
      guard let value = try decimal(name, of: schema, at: pointer) else { continue }
      if let low = bounds.low, value < low.value { continue }
      bounds.low = NumberBounds.Bound(value: value, isIncluded: isIncluded)
    }
    for (name, isIncluded) in [("maximum", true), ("exclusiveMaximum", false)] {
      guard let value = try decimal(name, of: schema, at: pointer) else { continue }
      if let high = bounds.high, high.value < value { continue }
      bounds.high = NumberBounds.Bound(value: value, isIncluded: isIncluded)
    }
    return bounds.expression
  }

  private func decimal(
    _ name: String, of schema: SchemaValue, at pointer: String
  ) throws(Failure) -> Decimal? {
    guard let value = schema[name] else { return nil }
    guard case .number(let text) = value, let decimal = Decimal(text) else {
      throw wrong("\(pointer)/\(name)", "is no number that a bound can be")
    }
    return decimal
  }

  /// A member that is a count.
  func count(
    _ name: String, of schema: SchemaValue, at pointer: String
  ) throws(Failure) -> Int? {
    guard let value = schema[name] else { return nil }
    guard case .number(let text) = value, let decimal = Decimal(text), !decimal.isNegative,
      decimal.fraction.isEmpty
    else { throw wrong("\(pointer)/\(name)", "is no whole number from 0") }
    let count = decimal.whole.count > 9 ? .max : decimal.whole.reduce(0) { $0 * 10 + Int($1) }
    guard count <= GrammarLimits.repetition else {
      throw Failure(
        .usage, code: .grammarTooLarge,
        "the schema at “\(pointer)/\(name)” is more than \(GrammarLimits.repetition)",
        remedy: "Lower the bound, or leave it out.")
    }
    return count
  }
}
