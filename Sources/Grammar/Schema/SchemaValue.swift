import Basics
import Diagnostics

/// A JSON value with its members in order and its numbers as they are written.
indirect enum SchemaValue: Sendable {
  case null
  case flag(Bool)
  case number(String)
  case text(String)
  case array([SchemaValue])
  case object([(name: String, value: SchemaValue)])

  /// Reads a schema.
  ///
  /// - Throws: `grammar.schema`, `grammar.too-large`.
  static func read(_ text: String) throws(Failure) -> SchemaValue {
    let bytes = Array(text.utf8)
    guard bytes.count <= GrammarLimits.textBytes else {
      throw Failure(
        .usage, code: .grammarTooLarge,
        "the schema has \(bytes.count) bytes, more than \(GrammarLimits.textBytes)",
        remedy: "Leave out what the answer does not need.")
    }
    do {
      var scanner = try JSONScanner(
        bytes,
        codes: JSONCodes(
          notJSON: .grammarSchema, notUTF8: .grammarSchema, tooDeep: .grammarTooLarge),
        depthLimit: GrammarLimits.depth)
      let value = try read(&scanner)
      try scanner.end()
      return value
    } catch {
      throw Failure(
        .usage, code: error.code, "the schema: \(error.text)",
        remedy: "Give a JSON Schema, such as {\"type\": \"string\"}.")
    }
  }

  private static func read(_ scanner: inout JSONScanner) throws(FormatProblem) -> SchemaValue {
    switch scanner.peek() {
    case 0x7B:
      var members: [(name: String, value: SchemaValue)] = []
      var names: Set<String> = []
      try scanner.members { (scanner, name) throws(FormatProblem) in
        let name = String(decoding: name, as: UTF8.self)
        guard names.insert(name).inserted else {
          throw scanner.problem("the name “\(name.prefix(60))” comes twice in an object")
        }
        members.append((name, try read(&scanner)))
      }
      return .object(members)
    case 0x5B:
      var elements: [SchemaValue] = []
      try scanner.elements { (scanner) throws(FormatProblem) in elements.append(try read(&scanner))
      }
      return .array(elements)
    case let byte? where byte == 0x2D || (0x30...0x39).contains(byte):
      return .number(try scanner.number())
    default:
      switch try scanner.value() {
      case .flag(let flag): return .flag(flag)
      case .text(let text): return .text(text)
      default: return .null
      }
    }
  }

  /// The member of an object.
  subscript(name: String) -> SchemaValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }

  /// The place of a value inside of this one: `/properties/a` (RFC 6901).
  subscript(pointer pointer: String) -> SchemaValue? {
    var value = self
    for token in pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
      let name = String(token).replacing("~1", with: "/").replacing("~0", with: "~")
      switch value {
      case .object:
        guard let member = value[name] else { return nil }
        value = member
      case .array(let elements):
        guard let index = Int(name), elements.indices.contains(index) else { return nil }
        value = elements[index]
      default: return nil
      }
    }
    return value
  }

  /// The name of its type in schemas.
  var type: String {
    switch self {
    case .null: "null"
    case .flag: "boolean"
    case .number(let text): Decimal(text)?.fraction.isEmpty == true ? "integer" : "number"
    case .text: "string"
    case .array: "array"
    case .object: "object"
    }
  }

  /// The value as JSON in the form in which answers are written: one line, a space after commas and
  /// colons.
  var json: String {
    switch self {
    case .null: "null"
    case .flag(let flag): "\(flag)"
    case .number(let text): text
    case .text(let text): Self.quoted(text)
    case .array(let elements): "[" + elements.map(\.json).joined(separator: ", ") + "]"
    case .object(let members):
      "{" + members.map { "\(Self.quoted($0.name)): \($0.value.json)" }.joined(separator: ", ")
        + "}"
    }
  }

  /// A text as a JSON string.
  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      result.unicodeScalars.append(contentsOf: ScalarEncoding.jsonSpelling(scalar).unicodeScalars)
    }
    return result + "\""
  }
}
