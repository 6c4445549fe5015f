import Diagnostics

extension SchemaCompiler {
  /// The arrays that are valid by a schema.
  mutating func array(
    _ schema: SchemaValue, at pointer: String
  ) throws(Failure) -> Expression {
    let min = try count("minItems", of: schema, at: pointer) ?? 0
    let max = try count("maxItems", of: schema, at: pointer)
    let item = try schema["items"].map { items throws(Failure) in
      try expression(items, at: pointer + "/items")
    }
    let rest = item ?? anything
    guard let first = schema["prefixItems"] else {
      return Self.enclosed("[", Self.list(builder.rule(rest), min: min, max: max), "]")
    }
    guard case .array(let schemas) = first, !schemas.isEmpty else {
      throw wrong(pointer + "/prefixItems", "is no list of schemas")
    }
    var elements: [Expression] = []
    for (index, schema) in schemas.enumerated().prefix(max ?? .max) {
      elements.append(try expression(schema, at: "\(pointer)/prefixItems/\(index)"))
    }
    let left = max.map { $0 - elements.count }
    let further = Swift.max(0, min - elements.count)
    if let left, left < further { return .nothing }
    // What follows a number of elements, the last first.
    var tail: Expression =
      left == 0
      ? .empty : .repeated(.sequence([.text(", "), builder.rule(rest)]), min: further, max: left)
    for (index, element) in elements.enumerated().reversed() {
      let more = Expression.sequence([index == 0 ? .empty : .text(", "), element, tail])
      tail = builder.rule(index < min ? more : .optional(more))
    }
    return Self.enclosed("[", tail, "]")
  }

  /// The objects that are valid by a schema, with their members in the order of the schema.
  mutating func object(
    _ schema: SchemaValue, at pointer: String
  ) throws(Failure) -> Expression {
    var named: [(name: String, schema: SchemaValue, pointer: String)] = []
    if let properties = schema["properties"] {
      guard case .object(let members) = properties else {
        throw wrong(pointer + "/properties", "is no object")
      }
      named = members.map { ($0.name, $0.value, "\(pointer)/properties/\(Self.token($0.name))") }
    }
    // Without any word about members, the object is a free one.
    let isFree = schema["properties"] == nil && schema["additionalProperties"] == nil
    let others =
      schema["additionalProperties"] ?? .flag(isFree || otherMembers == .any)
    let required = try required(schema, at: pointer)
    let known = Set(named.map(\.name))
    for name in required where !known.contains(name) {
      named.append((name, others, pointer + "/additionalProperties"))
    }
    let isRequired = Set(required)
    let other = try otherMember(than: named.map(\.name), others, at: pointer)
    // What may come from each member on: before any member has come, and after one.
    var first = builder.rule(Self.list(other, min: 0, max: nil))
    var later = builder.rule(.repeated(.sequence([.text(", "), other]), min: 0, max: nil))
    for (name, schema, pointer) in named.reversed() {
      let value = try expression(schema, at: pointer)
      let member = builder.rule(
        .sequence([.text(SchemaValue.quoted(name) + ": "), value]))
      let (skipFirst, skipLater) = (first, later)
      let begin = Expression.sequence([member, later])
      let goOn = Expression.sequence([.text(", "), member, later])
      first = builder.rule(isRequired.contains(name) ? begin : .either([begin, skipFirst]))
      later = builder.rule(isRequired.contains(name) ? goOn : .either([goOn, skipLater]))
    }
    return Self.enclosed("{", first, "}")
  }

  private func required(
    _ schema: SchemaValue, at pointer: String
  ) throws(Failure) -> [String] {
    guard let required = schema["required"] else { return [] }
    var names: [String] = []
    guard case .array(let values) = required else {
      throw wrong(pointer + "/required", "is no list of names")
    }
    for value in values {
      guard case .text(let name) = value else {
        throw wrong(pointer + "/required", "is no list of names")
      }
      if !names.contains(name) { names.append(name) }
    }
    return names
  }

  /// A member whose name is none of these. The name has no escapes, with which one of these could be
  /// written in another way.
  private mutating func otherMember(
    than names: [String], _ schema: SchemaValue, at pointer: String
  ) throws(Failure) -> Expression {
    let value = try expression(schema, at: pointer + "/additionalProperties")
    if case .nothing = value { return .nothing }
    if let long = names.first(where: { $0.utf8.count > GrammarLimits.nameBytes }) {
      throw Failure(
        .usage, code: .grammarTooLarge,
        "the name “\(long.prefix(40))…” at “\(pointer)/properties” has more than "
          + "\(GrammarLimits.nameBytes) bytes",
        remedy: "Shorten it, or say that there are no \"additionalProperties\".")
    }
    let plain = ScalarSet.all.subtracting(ScalarEncoding.escaped)
    let rest = builder.rule(
      .repeated(builder.rule(ScalarEncoding.utf8(plain)), min: 0, max: nil))
    let spelled = names.filter { name in
      name.unicodeScalars.allSatisfy { plain.contains($0.value) }
    }
    let name = different(from: Set(spelled.map { Array($0.unicodeScalars)[...] }), plain, rest)
    return builder.rule(.sequence([Self.quoted(name), .text(": "), value]))
  }

  /// The texts other than these.
  private mutating func different(
    from names: Set<ArraySlice<Unicode.Scalar>>, _ plain: ScalarSet, _ rest: Expression
  ) -> Expression {
    if names.isEmpty { return rest }
    var next: [Unicode.Scalar: Set<ArraySlice<Unicode.Scalar>>] = [:]
    for name in names {
      if let first = name.first { next[first, default: []].insert(name.dropFirst()) }
    }
    var ways: [Expression] = names.contains([]) ? [] : [.empty]
    let taken = ScalarSet(next.keys.map { $0.value...$0.value })
    ways.append(.sequence([ScalarEncoding.utf8(plain.subtracting(taken)), rest]))
    for (scalar, names) in next.sorted(by: { $0.key < $1.key }) {
      ways.append(
        .sequence([
          .text(String(Character(scalar))),
          builder.rule(different(from: names, plain, rest)),
        ]))
    }
    return .either(ways)
  }

  /// A name as a part of a JSON pointer (RFC 6901).
  private static func token(_ name: String) -> String {
    name.replacing("~", with: "~0").replacing("/", with: "~1")
  }
}
