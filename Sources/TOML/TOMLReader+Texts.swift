extension TOMLReader {
  /// Reads `"text"`.
  mutating func basicText() throws(TOMLProblem) -> String {
    position += 1
    var text: [UInt8] = []
    while let byte = next, !isLineEnd(byte) {
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"): try escape(into: &text)
      default:
        try checkCharacter(byte)
        text.append(byte)
        position += 1
      }
    }
    throw problem("a text without its closing quote")
  }

  /// Reads `'text'`.
  mutating func literalText() throws(TOMLProblem) -> String {
    position += 1
    let start = position
    while let byte = next, !isLineEnd(byte) {
      position += 1
      if byte == UInt8(ascii: "'") {
        return String(decoding: bytes[start..<position - 1], as: UTF8.self)
      }
      try checkCharacter(byte)
    }
    throw problem("a text without its closing quote")
  }

  /// Reads `"""text"""`.
  mutating func longBasicText() throws(TOMLProblem) -> String {
    position += 3
    _ = try takeLineEnd()
    var text: [UInt8] = []
    while let byte = next {
      switch byte {
      case UInt8(ascii: "\"") where closes(byte, &text):
        return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"):
        if try !skipLineBreak() { try escape(into: &text) }
      default: try character(byte, into: &text)
      }
    }
    throw problem("a text without its closing quotes")
  }

  /// Reads `'''text'''`.
  mutating func longLiteralText() throws(TOMLProblem) -> String {
    position += 3
    _ = try takeLineEnd()
    var text: [UInt8] = []
    while let byte = next {
      if byte == UInt8(ascii: "'"), closes(byte, &text) {
        return String(decoding: text, as: UTF8.self)
      }
      try character(byte, into: &text)
    }
    throw problem("a text without its closing quotes")
  }

  /// Skips three quotes that end a text; one or two more quotes before them belong to the text.
  private mutating func closes(_ quote: UInt8, _ text: inout [UInt8]) -> Bool {
    var count = 1
    while count < 5, byte(after: count) == quote { count += 1 }
    guard count >= 3 else { return false }
    text += repeatElement(quote, count: count - 3)
    position += count
    return true
  }

  /// Reads a character of a text that may have several lines.
  private mutating func character(_ byte: UInt8, into text: inout [UInt8]) throws(TOMLProblem) {
    if try takeLineEnd() {
      // Line ends of the document become line feeds in the text.
      text.append(0x0A)
      return
    }
    try checkCharacter(byte)
    text.append(byte)
    position += 1
  }

  /// Skips a backslash at the end of a line and all white space after it.
  private mutating func skipLineBreak() throws(TOMLProblem) -> Bool {
    let start = position
    position += 1
    skipBlanks()
    guard try takeLineEnd() else {
      position = start
      return false
    }
    repeat { skipBlanks() } while try takeLineEnd()
    return true
  }

  /// Reads an escape sequence.
  private mutating func escape(into text: inout [UInt8]) throws(TOMLProblem) {
    let start = position
    position += 2
    switch bytes[min(start + 1, bytes.count - 1)] {
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "\""): text.append(UInt8(ascii: "\""))
    case UInt8(ascii: "\\") where start + 1 < bytes.count: text.append(UInt8(ascii: "\\"))
    case UInt8(ascii: "u"): try hexadecimal(4, from: start, into: &text)
    case UInt8(ascii: "U"): try hexadecimal(8, from: start, into: &text)
    default:
      position = start
      throw problem("a backslash and a letter that stand for nothing; write \\\\ for a backslash")
    }
  }

  private mutating func hexadecimal(
    _ count: Int, from start: Int, into text: inout [UInt8]
  ) throws(TOMLProblem) {
    var number: UInt32 = 0
    for _ in 0..<count {
      guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw problem("\(count) hexadecimal digits should come here")
      }
      number = number << 4 | UInt32(digit)
      position += 1
    }
    guard let scalar = Unicode.Scalar(number) else {
      position = start
      throw problem("there is no character of this number")
    }
    text += Array(String(Character(scalar)).utf8)
  }
}
