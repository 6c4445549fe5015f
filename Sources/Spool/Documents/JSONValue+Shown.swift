import Basics

extension JSONValue {
  /// The kind of value in words, for messages.
  var kind: String {
    switch self {
    case .null: "null"
    case .flag: "true or false"
    case .integer, .number: "a number"
    case .text: "text"
    case .array: "a list"
    case .object: "an object"
    }
  }

  /// The value for messages, cut to the length of a line.
  var shown: String {
    switch self {
    case .null: return "null"
    case .flag(let flag): return "\(flag)"
    case .integer(let number): return "\(number)"
    case .number(let number): return "\(number)"
    case .text(let text):
      let start = BytePath(text).escaped.prefix(60)
      return start.isEmpty ? "empty text" : "“\(start)\(text.count > 60 ? "…" : "")”"
    case .array(let values): return values.isEmpty ? "an empty list" : "a list of \(values.count)"
    case .object: return "an object"
    }
  }
}
