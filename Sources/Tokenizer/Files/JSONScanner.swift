import Diagnostics

/// Walks over a JSON file once, without building it in memory.
///
/// A vocabulary is a single object of 150,000 members; a general decoder takes seconds for it.
struct JSONScanner {
  // Hostile files nest without end; the real ones have 6 levels.
  static let depthLimit = 64

  let file: String
  private let bytes: [UInt8]
  var position = 0

  /// Starts at the beginning of a file, which has to be UTF-8.
  init(file: String, _ bytes: [UInt8]) throws(Failure) {
    self.file = file
    self.bytes = bytes
    do {
      _ = try UTF8Span(validating: bytes.span)
    } catch {
      position = error.byteOffsets.lowerBound
      throw damaged("text in UTF-8")
    }
  }

  /// A failure that names the file, the line and what should have been at the present place.
  func damaged(_ expected: String) -> Failure {
    let line = bytes[..<min(position, bytes.count)].count { $0 == 0x0A } + 1
    let found =
      position < bytes.count ? "byte \(position) has something else" : "the file ends there"
    return Failure(
      .modelUnusable, code: .tokenizerFileDamaged,
      "\(file), line \(line): expected \(expected), but \(found)",
      remedy: "Fetch the checkpoint again.")
  }

  /// The next byte that is no white space; 0 at the end.
  mutating func peek() -> UInt8 {
    while position < bytes.count {
      let byte = bytes[position]
      if byte != 0x20, byte != 0x0A, byte != 0x0D, byte != 0x09 { return byte }
      position += 1
    }
    return 0
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard peek() == byte else { return false }
    position += 1
    return true
  }

  private func expect(_ condition: Bool, _ expected: @autoclosure () -> String) throws(Failure) {
    if !condition { throw damaged(expected()) }
  }

  /// Checks that nothing follows.
  mutating func end() throws(Failure) {
    _ = peek()
    try expect(position == bytes.count, "the end of the file")
  }

  /// Reads an object; `body` has to read the value that belongs to the name.
  mutating func members(
    _ body: (inout JSONScanner, [UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    try expect(take(0x7B), "an object")
    if take(0x7D) { return }
    var name: [UInt8] = []
    repeat {
      name.removeAll(keepingCapacity: true)
      try string(into: &name)
      try expect(take(0x3A), "a colon")
      try body(&self, name)
    } while take(0x2C)
    try expect(take(0x7D), "a comma or the end of the object")
  }

  /// Reads an array; `body` has to read each element.
  mutating func elements(_ body: (inout JSONScanner) throws(Failure) -> Void) throws(Failure) {
    try expect(take(0x5B), "an array")
    if take(0x5D) { return }
    repeat { try body(&self) } while take(0x2C)
    try expect(take(0x5D), "a comma or the end of the array")
  }

  /// Reads a whole number.
  mutating func integer() throws(Failure) -> Int {
    _ = peek()
    let start = position
    let text = number()
    guard let value = Int(text) else {
      position = start
      throw damaged("a whole number")
    }
    return value
  }

  private mutating func number() -> String {
    let start = position
    while position < bytes.count {
      switch bytes[position] {
      case 0x30...0x39, 0x2B, 0x2D, 0x2E, 0x45, 0x65: position += 1
      default: return String(decoding: bytes[start..<position], as: UTF8.self)
      }
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  /// Reads a string and appends it in UTF-8.
  mutating func string(into result: inout [UInt8]) throws(Failure) {
    try expect(take(0x22), "a string")
    while position < bytes.count {
      let byte = bytes[position]
      switch byte {
      case 0x22:
        position += 1
        return
      case 0x5C:
        position += 1
        try escape(into: &result)
      case 0..<0x20:
        throw damaged("no control character within a string")
      default:
        result.append(byte)
        position += 1
      }
    }
    throw damaged("the end of a string")
  }

  private mutating func escape(into result: inout [UInt8]) throws(Failure) {
    try expect(position < bytes.count, "the rest of an escape")
    let byte = bytes[position]
    switch byte {
    case 0x22, 0x2F, 0x5C: result.append(byte)
    case 0x62: result.append(0x08)
    case 0x66: result.append(0x0C)
    case 0x6E: result.append(0x0A)
    case 0x72: result.append(0x0D)
    case 0x74: result.append(0x09)
    case 0x75:
      position += 1
      var code = try fourDigits()
      if (0xD800..<0xDC00).contains(code) {
        let isPair =
          position + 1 < bytes.count && bytes[position] == 0x5C && bytes[position + 1] == 0x75
        try expect(isPair, "the second half of a surrogate pair")
        position += 2
        let low = try fourDigits()
        try expect((0xDC00..<0xE000).contains(low), "the second half of a surrogate pair")
        code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
      } else {
        try expect(!(0xDC00..<0xE000).contains(code), "the first half of a surrogate pair")
      }
      UTF8Scalars.append(code, to: &result)
      return
    default: throw damaged("an escape of JSON")
    }
    position += 1
  }

  private mutating func fourDigits() throws(Failure) -> UInt32 {
    var code: UInt32 = 0
    for _ in 0..<4 {
      let byte = position < bytes.count ? bytes[position] : 0
      switch byte {
      case 0x30...0x39: code = code << 4 | UInt32(byte - 0x30)
      case 0x41...0x46, 0x61...0x66: code = code << 4 | UInt32((byte | 0x20) - 0x57)
      default: throw damaged("four hexadecimal digits")
      }
      position += 1
    }
    return code
  }

  /// Reads any value into memory.
  mutating func value(depth: Int = 0) throws(Failure) -> JSONValue {
    try expect(depth < Self.depthLimit, "at most \(Self.depthLimit) levels of nesting")
    switch peek() {
    case 0x7B:
      var result: [String: JSONValue] = [:]
      try members { (scanner, name) throws(Failure) in
        let value = try scanner.value(depth: depth + 1)
        result[String(decoding: name, as: UTF8.self)] = value
      }
      return .object(result)
    case 0x5B:
      var result: [JSONValue] = []
      try elements { (scanner) throws(Failure) in
        result.append(try scanner.value(depth: depth + 1))
      }
      return .array(result)
    case 0x22:
      var text: [UInt8] = []
      try string(into: &text)
      return .string(String(decoding: text, as: UTF8.self))
    case 0x2D, 0x30...0x39:
      return .number(number())
    default:
      for (word, value) in [
        ("true", JSONValue.bool(true)), ("false", .bool(false)), ("null", .null),
      ]
      where bytes[position...].starts(with: word.utf8) {
        position += word.utf8.count
        return value
      }
      throw damaged("a value")
    }
  }

  /// Passes over any value.
  mutating func skip(depth: Int = 0) throws(Failure) {
    try expect(depth < Self.depthLimit, "at most \(Self.depthLimit) levels of nesting")
    switch peek() {
    case 0x7B: try members { (scanner, _) throws(Failure) in try scanner.skip(depth: depth + 1) }
    case 0x5B: try elements { (scanner) throws(Failure) in try scanner.skip(depth: depth + 1) }
    case 0x22:
      var text: [UInt8] = []
      try string(into: &text)
    default: _ = try value(depth: depth)
    }
  }
}
