import Diagnostics

/// Turns a JSON Schema (draft 2020-12) into what the automaton reads.
///
/// Answers are written on one line with one space after every comma and colon, and the members of an
/// object come in the order of the schema.
struct SchemaCompiler {
  /// What is assumed about objects whose schema does not say whether they may have other members.
  enum OtherMembers: Sendable {
    /// They have none: what is asked for, and valid in any case.
    case none
    /// Any, as the standard has it.
    case any
  }

  let root: SchemaValue
  let otherMembers: OtherMembers
  var builder = ProgramBuilder()
  /// The rules of what is referred to, by its place in the schema.
  private var references: [String: Int] = [:]
  private var pending: [String] = []
  private var common: [Common: Int] = [:]

  /// Rules that many schemas need.
  enum Common: Hashable {
    case character
    case string
    case anything
    case number
  }

  /// The program whose texts are the values that are valid.
  ///
  /// - Throws: `grammar.schema`, `grammar.unsupported`, `grammar.too-large`, `grammar.empty`.
  static func program(
    _ text: String, otherMembers: OtherMembers = .none
  ) throws(Failure) -> Program {
    var compiler = SchemaCompiler(root: try SchemaValue.read(text), otherMembers: otherMembers)
    let start = compiler.reference("")
    // One after the other: references may be a long chain.
    while let pointer = compiler.pending.popLast() {
      guard let schema = compiler.root[pointer: pointer],
        let rule = compiler.references[pointer]
      else { continue }
      compiler.builder.define(rule, try compiler.expression(schema, at: pointer))
    }
    return try compiler.builder.program(start)
  }

  private init(root: SchemaValue, otherMembers: OtherMembers) {
    self.root = root
    self.otherMembers = otherMembers
  }

  /// The rule of the schema at a place.
  private mutating func reference(_ pointer: String) -> Expression {
    if let rule = references[pointer] { return .rule(rule) }
    let rule = builder.reserve("the schema at “\(pointer.isEmpty ? "/" : pointer)”")
    references[pointer] = rule
    pending.append(pointer)
    return .rule(rule)
  }

  /// The values that are valid by a schema.
  mutating func expression(
    _ schema: SchemaValue, at pointer: String
  ) throws(Failure) -> Expression {
    switch schema {
    case .flag(true): return anything
    case .flag(false): return .nothing
    case .object(let members):
      try check(members, at: pointer)
      if let target = schema["$ref"] { return try reference(target, at: pointer) }
      if let choices = schema["anyOf"] { return try anyOf(choices, at: pointer) }
      if schema["enum"] != nil || schema["const"] != nil { return try values(schema, at: pointer) }
      let types = try types(schema, at: pointer)
      let isBounded = members.contains { !SchemaKeywords.annotations.contains($0.name) }
      guard isBounded else { return anything }
      var ways: [Expression] = []
      for type in types where type != "integer" || !types.contains("number") {
        ways.append(try expression(of: type, schema, at: pointer))
      }
      return .either(ways)
    default: throw wrong(pointer, "is \(schema.type), not a schema")
    }
  }

  private mutating func expression(
    of type: String, _ schema: SchemaValue, at pointer: String
  ) throws(Failure) -> Expression {
    switch type {
    case "object": return try object(schema, at: pointer)
    case "array": return try array(schema, at: pointer)
    case "string": return try string(schema, at: pointer)
    case "number", "integer":
      return try number(schema, isWhole: type == "integer", at: pointer)
    case "boolean": return .either([.text("true"), .text("false")])
    default: return .text("null")
    }
  }

  /// Refuses members that are not understood, and those beside others that say alone what is valid.
  private func check(
    _ members: [(name: String, value: SchemaValue)], at pointer: String
  ) throws(Failure) {
    if case .text(let dialect)? = members.first(where: { $0.name == "$schema" })?.value,
      !dialect.contains("//json-schema.org/")
    {
      // Another dialect may leave out what these members say.
      throw unsupported("$schema", at: pointer)
    }
    let assertions = members.map(\.name).filter { !SchemaKeywords.annotations.contains($0) }
    for name in assertions {
      // The address of the whole changes nothing; that of a part changes what references mean.
      if name == "$id", pointer.isEmpty { continue }
      guard SchemaKeywords.all.contains(name) else { throw unsupported(name, at: pointer) }
    }
    guard let whole = assertions.first(where: { SchemaKeywords.whole.contains($0) }) else { return }
    let beside: Set<String> = whole == "enum" || whole == "const" ? ["type"] : []
    if let other = assertions.first(where: {
      $0 != whole && $0 != "$id" && !beside.contains($0)
    }) {
      throw unsupported(other, at: pointer, beside: whole)
    }
  }

  private mutating func reference(
    _ target: SchemaValue, at pointer: String
  ) throws(Failure) -> Expression {
    guard case .text(let text) = target, text == "#" || text.hasPrefix("#/"),
      let place = Self.decoded(text.dropFirst())
    else {
      throw Failure(
        .usage, code: .grammarUnsupported,
        "“$ref” at “\(pointer)/$ref” does not begin with “#/”",
        remedy: "Refer to a place of the same schema, such as #/$defs/name.")
    }
    guard root[pointer: place] != nil else {
      throw wrong(pointer + "/$ref", "refers to “\(text.prefix(80))”, which is not there")
    }
    return reference(place)
  }

  /// A fragment without percent signs; `nil` where it is written wrongly.
  private static func decoded(_ text: Substring) -> String? {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == 0x25 else {
        bytes.append(byte)
        continue
      }
      guard rest.count >= 2,
        let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      else { return nil }
      bytes.append(value)
      rest.removeFirst(2)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private mutating func anyOf(
    _ choices: SchemaValue, at pointer: String
  ) throws(Failure) -> Expression {
    guard case .array(let schemas) = choices, !schemas.isEmpty else {
      throw wrong(pointer + "/anyOf", "is no list of schemas")
    }
    var ways: [Expression] = []
    for (index, schema) in schemas.enumerated() {
      ways.append(try expression(schema, at: "\(pointer)/anyOf/\(index)"))
    }
    return .either(ways)
  }

  /// The values of `enum` or `const`, of the types that are allowed.
  private func values(_ schema: SchemaValue, at pointer: String) throws(Failure) -> Expression {
    var values: [SchemaValue]
    if let value = schema["const"] {
      values = [value]
    } else {
      guard case .array(let listed)? = schema["enum"], !listed.isEmpty else {
        throw wrong(pointer + "/enum", "is no list of values")
      }
      values = listed
    }
    let types = try types(schema, at: pointer)
    values = values.filter {
      types.contains($0.type) || $0.type == "integer" && types.contains("number")
    }
    return .either(values.map { .text($0.json) })
  }

  private func types(_ schema: SchemaValue, at pointer: String) throws(Failure) -> [String] {
    guard let type = schema["type"] else { return SchemaKeywords.types }
    let named: [SchemaValue] = if case .array(let types) = type { types } else { [type] }
    var names: [String] = []
    for type in named {
      guard case .text(let name) = type, SchemaKeywords.types.contains(name) else {
        throw wrong(
          pointer + "/type", "is none of \(SchemaKeywords.types.joined(separator: ", "))")
      }
      if !names.contains(name) { names.append(name) }
    }
    return names
  }

  /// The rule that many schemas need, which is made when it is needed first.
  mutating func common(
    _ name: Common, _ make: (inout SchemaCompiler) -> Expression
  ) -> Expression {
    if let rule = common[name] { return .rule(rule) }
    let rule = builder.reserve()
    common[name] = rule
    let expression = make(&self)
    builder.define(rule, expression)
    return .rule(rule)
  }

  /// The failure for a member with a value that it cannot have.
  func wrong(_ pointer: String, _ message: String) -> Failure {
    Failure(
      .usage, code: .grammarSchema, "the schema at “\(pointer)” \(message)",
      remedy: "Give a schema of JSON Schema's draft 2020-12.")
  }

  private func unsupported(
    _ name: String, at pointer: String, beside: String? = nil
  ) -> Failure {
    let place = beside.map { " beside “\($0)”" } ?? ""
    return Failure(
      .usage, code: .grammarUnsupported,
      "“\(name.prefix(60))” at “\(pointer)/\(name.prefix(60))”\(place) is not supported",
      remedy: "Write the schema without it; docs/answers.md lists what is supported.")
  }
}
