/// A small piece of JSON, such as one entry of the added tokens.
enum JSONValue: Equatable {
  case null
  case bool(Bool)
  case number(String)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  /// The member of an object; `nil` for `null`, for a missing member and for what is no object.
  subscript(name: String) -> JSONValue? {
    guard case .object(let members) = self, let value = members[name] else { return nil }
    return value == .null ? nil : value
  }

  /// The text of a string.
  var text: String? {
    if case .string(let text) = self { return text }
    return nil
  }

  /// Whether this is `true`, or `nil` for what is neither `true` nor `false`.
  var truth: Bool? {
    if case .bool(let truth) = self { return truth }
    return nil
  }

  /// The elements of an array.
  var elements: [JSONValue]? {
    if case .array(let elements) = self { return elements }
    return nil
  }
}
