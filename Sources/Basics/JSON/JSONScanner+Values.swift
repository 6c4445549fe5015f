extension JSONScanner {
  /// Reads any value into memory; of members with the same name, the last counts.
  public mutating func value() throws(FormatProblem) -> JSONValue {
    switch peek() {
    case 0x7B:
      var result: [String: JSONValue] = [:]
      try members { (scanner, name) throws(FormatProblem) in
        let name = String(decoding: name, as: UTF8.self)
        let isVerbatim = scanner.verbatim.contains(name) && scanner.peek() == 0x7B
        result[name] = isVerbatim ? .text(try scanner.text()) : try scanner.value()
      }
      return .object(result)
    case 0x5B:
      var result: [JSONValue] = []
      try elements { (scanner) throws(FormatProblem) in result.append(try scanner.value()) }
      return .array(result)
    case 0x22: return .text(try string())
    case let byte? where byte == 0x2D || (0x30...0x39).contains(byte): return try numberValue()
    default:
      if takeWord("true") { return .flag(true) }
      if takeWord("false") { return .flag(false) }
      if takeWord("null") { return .null }
      throw problem("a value should come here")
    }
  }

  /// Reads a number; a number without a fraction becomes an integer, however it is written.
  private mutating func numberValue() throws(FormatProblem) -> JSONValue {
    let start = position
    let text = try number()
    if let number = Int(text) { return .integer(number) }
    guard let number = Double(text), number.isFinite else {
      position = start
      throw problem("the number is too large")
    }
    // From 2^53 on, a `Double` with a fraction or a power cannot be distinguished from its neighbors.
    return number == number.rounded() && abs(number) < 0x1p53
      ? .integer(Int(number)) : .number(number)
  }

  /// Skips any value.
  public mutating func skip() throws(FormatProblem) {
    switch peek() {
    case 0x7B: try members { (scanner, _) throws(FormatProblem) in try scanner.skip() }
    case 0x5B: try elements { (scanner) throws(FormatProblem) in try scanner.skip() }
    case 0x22:
      var text: [UInt8] = []
      try string(into: &text)
    case let byte? where byte == 0x2D || (0x30...0x39).contains(byte): _ = try number()
    default: _ = try value()
    }
  }
}
