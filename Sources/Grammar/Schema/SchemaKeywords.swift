/// The members of schemas that are understood.
enum SchemaKeywords {
  /// Members that say nothing about what is valid.
  static let annotations: Set<String> = [
    "title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly",
    "$comment", "$schema", "$defs", "definitions",
  ]

  /// Members that bound values of one type, by that type.
  static let bounds: [String: Set<String>] = [
    "object": ["properties", "required", "additionalProperties"],
    "array": ["items", "prefixItems", "minItems", "maxItems"],
    "number": ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"],
    "string": ["minLength", "maxLength", "pattern"],
  ]

  /// Members that say alone what is valid.
  static let whole: Set<String> = ["$ref", "anyOf", "enum", "const"]

  /// All types, in the order in which they are tried.
  static let types = ["object", "array", "string", "number", "integer", "boolean", "null"]

  /// Everything that is understood.
  static let all = bounds.values.reduce(annotations.union(whole).union(["type"])) { $0.union($1) }
}
