import Diagnostics

/// Any JSON value; integers and other numbers are distinguished.
public enum JSONValue: Sendable, Equatable {
  /// `null`.
  case null
  /// `true` or `false`.
  case flag(Bool)
  /// A number without a fraction.
  case integer(Int)
  /// Any other number.
  case number(Double)
  /// A string.
  case text(String)
  /// An array.
  case array([JSONValue])
  /// An object.
  case object([String: JSONValue])

  /// Reads a text that consists of one value, after an optional byte order mark.
  ///
  /// - Parameters:
  ///   - code: the failure code for any error.
  ///   - depthLimit: the most levels of nested arrays and objects.
  ///   - verbatim: names of members whose objects become their own text, in which order counts.
  public static func read(
    _ bytes: [UInt8], code: FailureCode, depthLimit: Int = 64, verbatim: Set<String> = []
  ) throws(FormatProblem) -> JSONValue {
    var scanner = try JSONScanner(bytes, codes: JSONCodes(code), depthLimit: depthLimit)
    scanner.verbatim = verbatim
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { scanner.position = 3 }
    let value = try scanner.value()
    try scanner.end()
    return value
  }

  /// The member of an object; `nil` for `null`, a missing member, and values that are not objects.
  public subscript(name: String) -> JSONValue? {
    guard case .object(let members) = self, let value = members[name] else { return nil }
    return value == .null ? nil : value
  }

  /// The text of a string.
  public var string: String? {
    if case .text(let text) = self { return text }
    return nil
  }

  /// The value of `true` or `false`; `nil` for any other value.
  public var truth: Bool? {
    if case .flag(let flag) = self { return flag }
    return nil
  }

  /// The elements of an array.
  public var elements: [JSONValue]? {
    if case .array(let elements) = self { return elements }
    return nil
  }
}
