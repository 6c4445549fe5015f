extension TOMLReader {
  /// Reads a value of any kind.
  ///
  /// - Parameter depth: the nesting depth of the value.
  mutating func value(depth: Int) throws(TOMLProblem) -> TOMLValue.Content {
    try checkDepth(depth)
    switch next {
    case UInt8(ascii: "\""):
      return .text(try isTripled(UInt8(ascii: "\"")) ? longBasicText() : basicText())
    case UInt8(ascii: "'"):
      return .text(try isTripled(UInt8(ascii: "'")) ? longLiteralText() : literalText())
    case UInt8(ascii: "["): return .array(try array(depth: depth))
    case UInt8(ascii: "{"): return .table(try inlineTable(depth: depth))
    default: return try word()
    }
  }

  private func isTripled(_ quote: UInt8) -> Bool {
    byte(after: 1) == quote && byte(after: 2) == quote
  }

  private mutating func array(depth: Int) throws(TOMLProblem) -> [TOMLValue] {
    position += 1
    var values: [TOMLValue] = []
    while true {
      try skipLines()
      if take(UInt8(ascii: "]")) { return values }
      let line = line
      values.append(TOMLValue(content: try value(depth: depth + 1), line: line))
      try skipLines()
      if take(UInt8(ascii: "]")) { return values }
      guard take(UInt8(ascii: ",")) else { throw problem("“,” or “]” should come here") }
    }
  }

  /// Skips blanks, comments and line ends.
  private mutating func skipLines() throws(TOMLProblem) {
    repeat { try skipComment() } while try takeLineEnd()
  }

  private mutating func inlineTable(depth: Int) throws(TOMLProblem) -> TOMLTable {
    position += 1
    let table = TableBuilder(.heading, line: line)
    skipBlanks()
    if take(UInt8(ascii: "}")) { return table.table }
    while true {
      skipBlanks()
      try pair(into: table, depth: depth)
      skipBlanks()
      if take(UInt8(ascii: "}")) { return table.table }
      guard take(UInt8(ascii: ",")) else { throw problem("“,” or “}” should come here") }
    }
  }

  /// Reads `true`, `false`, a number, a date or a time.
  private mutating func word() throws(TOMLProblem) -> TOMLValue.Content {
    let start = position
    let isDate = byte(after: 4) == UInt8(ascii: "-") && byte(after: 7) == UInt8(ascii: "-")
    while let byte = next, Self.isWordByte(byte) { position += 1 }
    // A date and a time may have a space between them.
    if isDate, position == start + 10, next == 0x20, let digit = byte(after: 1),
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit)
    {
      position += 1
      while let byte = next, Self.isWordByte(byte) { position += 1 }
    }
    let word = bytes[start..<position]
    let text = String(decoding: word, as: UTF8.self)
    if let content = TOMLWord.content(text) { return content }
    position = start
    guard !word.isEmpty else { throw problem("a value should come here") }
    let shown = shown(text)
    throw problem(
      TOMLWord.isTooLarge(text)
        ? "“\(shown)” is too large a number" : "“\(shown)” is no value; texts need quotes")
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"),
      UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: ":"):
      true
    default: false
    }
  }
}
