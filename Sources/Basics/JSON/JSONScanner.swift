import Diagnostics

/// Reads JSON (RFC 8259) from untrusted sources: in one pass, to a limited depth, and without building
/// values that were not asked for.
///
/// A general decoder takes seconds for a vocabulary, which is one object of 150,000 members. It silently
/// drops one of two equal names, and its time for a value of unknown type grows with the depth of the
/// value.
public struct JSONScanner {
  private let bytes: [UInt8]
  private let codes: JSONCodes
  private let depthLimit: Int
  /// The number of open arrays and objects.
  private var depth = 0
  /// The index of the next byte to read; it can be set back to any earlier position.
  public var position = 0
  /// Names of members whose objects become their own text.
  var verbatim: Set<String> = []

  /// Starts at the beginning of a text.
  ///
  /// - Parameters:
  ///   - codes: the codes of problems.
  ///   - depthLimit: the most levels of nested arrays and objects.
  /// - Throws: the problem of a text that is not UTF-8.
  public init(
    _ bytes: [UInt8], codes: JSONCodes, depthLimit: Int = 64
  ) throws(FormatProblem) {
    self.bytes = bytes
    self.codes = codes
    self.depthLimit = depthLimit
    do {
      _ = try UTF8Span(validating: bytes.span)
    } catch {
      position = error.byteOffsets.lowerBound
      throw problem("the text is not UTF-8", code: codes.notUTF8)
    }
  }

  /// An error at the current position.
  public func problem(_ message: String, code: FailureCode? = nil) -> FormatProblem {
    let before = bytes[..<min(position, bytes.count)]
    let start = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    let line = before.count { $0 == 0x0A } + 1
    let column = before[start...].count { $0 & 0xC0 != 0x80 } + 1
    return FormatProblem(code ?? codes.notJSON, "line \(line), column \(column): \(message)")
  }

  /// The next byte that is not white space, which stays unread; `nil` at the end.
  public mutating func peek() -> UInt8? {
    while position < bytes.count {
      let byte = bytes[position]
      guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return byte }
      position += 1
    }
    return nil
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard peek() == byte else { return false }
    position += 1
    return true
  }

  /// Checks that nothing follows.
  public mutating func end() throws(FormatProblem) {
    guard peek() == nil else { throw problem("nothing should come behind the value") }
  }

  private mutating func open(_ byte: UInt8, _ expected: String) throws(FormatProblem) {
    guard peek() == byte else { throw problem("\(expected) should come here") }
    guard depth < depthLimit else {
      throw problem(
        "arrays and objects lie more than \(depthLimit) deep in each other", code: codes.tooDeep)
    }
    position += 1
    depth += 1
  }

  /// Reads an object; `body` must read the value of each name.
  public mutating func members(
    _ body: (inout JSONScanner, [UInt8]) throws(FormatProblem) -> Void
  ) throws(FormatProblem) {
    try open(0x7B, "an object")
    defer { depth -= 1 }
    if take(0x7D) { return }
    var name: [UInt8] = []
    repeat {
      name.removeAll(keepingCapacity: true)
      guard peek() == 0x22 else { throw problem("a name in quotes should come here") }
      try string(into: &name)
      guard take(0x3A) else { throw problem("“:” should come here") }
      try body(&self, name)
    } while take(0x2C)
    guard take(0x7D) else { throw problem("“,” or “}” should come here") }
  }

  /// Reads an array; `body` must read each element.
  public mutating func elements(
    _ body: (inout JSONScanner) throws(FormatProblem) -> Void
  ) throws(FormatProblem) {
    try open(0x5B, "a list")
    defer { depth -= 1 }
    if take(0x5D) { return }
    repeat { try body(&self) } while take(0x2C)
    guard take(0x5D) else { throw problem("“,” or “]” should come here") }
  }

  /// Skips a value.
  ///
  /// - Returns: its text.
  mutating func text() throws(FormatProblem) -> String {
    _ = peek()
    let start = position
    try skip()
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  /// Reads `null` if it comes next.
  public mutating func takeNull() -> Bool {
    _ = peek()
    return takeWord("null")
  }

  mutating func takeWord(_ word: String) -> Bool {
    guard bytes[position...].starts(with: word.utf8) else { return false }
    position += word.utf8.count
    return true
  }

  /// Reads a number that is written without fraction or exponent.
  public mutating func integer() throws(FormatProblem) -> Int {
    let first = peek()
    let start = position
    if let first, first == 0x2D || (0x30...0x39).contains(first), let value = Int(try number()) {
      return value
    }
    position = start
    throw problem("a whole number should come here that is not too large")
  }

  /// Reads a number as text.
  public mutating func number() throws(FormatProblem) -> String {
    _ = peek()
    let start = position
    _ = takeAny("-")
    let isZero = position < bytes.count && bytes[position] == 0x30
    let whole = digits()
    guard whole == 1 || whole > 1 && !isZero else { throw problem("a number should come here") }
    if takeAny("."), digits() == 0 { throw problem("digits should come here") }
    if takeAny("eE") {
      _ = takeAny("+-")
      guard digits() > 0 else { throw problem("digits should come here") }
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func digits() -> Int {
    let start = position
    while position < bytes.count, bytes[position] >= 0x30, bytes[position] <= 0x39 { position += 1 }
    return position - start
  }

  private mutating func takeAny(_ marks: StaticString) -> Bool {
    guard position < bytes.count else { return false }
    let byte = bytes[position]
    let isOne = marks.withUTF8Buffer { $0.contains(byte) }
    if isOne { position += 1 }
    return isOne
  }

  /// Reads a string.
  public mutating func string() throws(FormatProblem) -> String {
    var text: [UInt8] = []
    try string(into: &text)
    return String(decoding: text, as: UTF8.self)
  }

  /// Reads a string and appends it in UTF-8.
  public mutating func string(into result: inout [UInt8]) throws(FormatProblem) {
    guard take(0x22) else { throw problem("text in quotes should come here") }
    while position < bytes.count {
      let byte = bytes[position]
      switch byte {
      case 0x22:
        position += 1
        return
      case 0x5C: try escape(into: &result)
      case 0..<0x20:
        throw problem("a control character in a text has to be written as an escape")
      default:
        result.append(byte)
        position += 1
      }
    }
    throw problem("a text without its closing quote")
  }

  /// Reads an escape sequence.
  private mutating func escape(into result: inout [UInt8]) throws(FormatProblem) {
    let start = position
    let byte = start + 1 < bytes.count ? bytes[start + 1] : 0
    position += 2
    switch byte {
    case 0x22, 0x2F, 0x5C: result.append(byte)
    case 0x62: result.append(0x08)
    case 0x66: result.append(0x0C)
    case 0x6E: result.append(0x0A)
    case 0x72: result.append(0x0D)
    case 0x74: result.append(0x09)
    case 0x75:
      var code = UInt32(try fourDigits())
      // Characters beyond U+FFFF are written as surrogate pairs.
      if (0xD800..<0xDC00).contains(code),
        bytes[min(position, bytes.count)...].starts(with: [0x5C, 0x75])
      {
        position += 2
        let low = UInt32(try fourDigits())
        if (0xDC00..<0xE000).contains(low) {
          code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        }
      }
      guard let scalar = Unicode.Scalar(code) else {
        position = start
        throw problem("half a character")
      }
      result.append(contentsOf: String(Character(scalar)).utf8)
    default:
      position = start
      throw problem("a backslash and a letter that stand for nothing")
    }
  }

  private mutating func fourDigits() throws(FormatProblem) -> UInt16 {
    var code: UInt16 = 0
    for _ in 0..<4 {
      let byte = position < bytes.count ? bytes[position] : 0
      switch byte {
      case 0x30...0x39: code = code << 4 | UInt16(byte - 0x30)
      case 0x41...0x46, 0x61...0x66: code = code << 4 | UInt16((byte | 0x20) - 0x57)
      default: throw problem("four hexadecimal digits should come here")
      }
      position += 1
    }
    return code
  }
}
