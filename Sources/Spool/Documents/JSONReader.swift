/// Reads JSON (RFC 8259) that anybody may have written: in one pass, to a limited depth.
///
/// The decoder of Foundation tries one type after the other for a value of any kind, and each try
/// that fails costs as much as the value lies deep.
struct JSONReader {
  /// What is wrong, and in which line and column, from 1.
  struct Problem: Error, CustomStringConvertible {
    let line: Int
    let column: Int
    let message: String

    var description: String { "line \(line), column \(column): \(message)" }
  }

  private let bytes: [UInt8]
  private var position = 0
  private let depthLimit: Int

  private init(_ bytes: [UInt8], depthLimit: Int) {
    self.bytes = bytes
    self.depthLimit = depthLimit
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  /// Reads a text that is one value.
  ///
  /// Of members with equal names the last counts.
  ///
  /// - Parameter depthLimit: how deep arrays and objects may lie in each other.
  static func read(_ bytes: [UInt8], depthLimit: Int = 64) throws(Problem) -> JSONValue {
    var reader = JSONReader(bytes, depthLimit: depthLimit)
    guard String(validating: bytes, as: UTF8.self) != nil else {
      throw reader.problem("the text is not UTF-8")
    }
    let value = try reader.value(depth: 0)
    guard reader.next == nil else { throw reader.problem("nothing should come behind the value") }
    return value
  }

  /// The next byte that is not blank, which stays unread; `nil` at the end.
  private var next: UInt8? {
    mutating get {
      while position < bytes.count {
        let byte = bytes[position]
        guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return byte }
        position += 1
      }
      return nil
    }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func value(depth: Int) throws(Problem) -> JSONValue {
    guard depth <= depthLimit else {
      throw problem("arrays and objects lie more than \(depthLimit) deep in each other")
    }
    switch next {
    case UInt8(ascii: "{"): return .object(try object(depth: depth))
    case UInt8(ascii: "["): return .array(try array(depth: depth))
    case UInt8(ascii: "\""): return .text(try text())
    case let byte? where byte == UInt8(ascii: "-") || (0x30...0x39).contains(byte):
      return try number()
    default:
      for (word, value) in [
        ("true", JSONValue.flag(true)), ("false", .flag(false)), ("null", .null),
      ]
      where bytes[position...].starts(with: word.utf8) {
        position += word.utf8.count
        return value
      }
      throw problem("a value should come here")
    }
  }

  private mutating func object(depth: Int) throws(Problem) -> [String: JSONValue] {
    position += 1
    var members: [String: JSONValue] = [:]
    if take("}") { return members }
    repeat {
      guard next == UInt8(ascii: "\"") else { throw problem("a name in quotes should come here") }
      let name = try text()
      guard take(":") else { throw problem("“:” should come here") }
      members[name] = try value(depth: depth + 1)
    } while take(",")
    guard take("}") else { throw problem("“,” or “}” should come here") }
    return members
  }

  private mutating func array(depth: Int) throws(Problem) -> [JSONValue] {
    position += 1
    var values: [JSONValue] = []
    if take("]") { return values }
    repeat { values.append(try value(depth: depth + 1)) } while take(",")
    guard take("]") else { throw problem("“,” or “]” should come here") }
    return values
  }

  /// Reads a number; one without a fraction is a whole one, however it is written.
  private mutating func number() throws(Problem) -> JSONValue {
    let start = position
    func digits(_ reader: inout JSONReader) -> Int {
      let start = reader.position
      while reader.position < reader.bytes.count,
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(reader.bytes[reader.position])
      {
        reader.position += 1
      }
      return reader.position - start
    }
    func takes(_ reader: inout JSONReader, _ marks: String) -> Bool {
      guard reader.position < reader.bytes.count,
        marks.utf8.contains(reader.bytes[reader.position])
      else { return false }
      reader.position += 1
      return true
    }
    _ = takes(&self, "-")
    let isZero = position < bytes.count && bytes[position] == UInt8(ascii: "0")
    let whole = digits(&self)
    guard whole == 1 || whole > 1 && !isZero else { throw problem("this is no number") }
    if takes(&self, "."), digits(&self) == 0 { throw problem("digits should come here") }
    if takes(&self, "eE") {
      _ = takes(&self, "+-")
      guard digits(&self) > 0 else { throw problem("digits should come here") }
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if let number = Int(text) { return .integer(number) }
    guard let number = Double(text), number.isFinite else {
      position = start
      throw problem("the number is too large")
    }
    // Beyond 2^53 a number with a fraction or a power is not told from its neighbors.
    return number == number.rounded() && abs(number) < 0x1p53
      ? .integer(Int(number)) : .number(number)
  }

  private mutating func text() throws(Problem) -> String {
    position += 1
    var text: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"): text += Array(String(Character(try escape())).utf8)
      case 0..<0x20: throw problem("a control character in a text has to be written as an escape")
      default:
        text.append(byte)
        position += 1
      }
    }
    throw problem("a text without its closing quote")
  }

  /// Reads a backslash and what it stands for.
  private mutating func escape() throws(Problem) -> Unicode.Scalar {
    let start = position
    position += 2
    let byte = start + 1 < bytes.count ? bytes[start + 1] : 0
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      let unit = try hexadecimal()
      if let scalar = Unicode.Scalar(unit) { return scalar }
      // Characters beyond U+FFFF are written as two halves.
      if UTF16.isLeadSurrogate(unit),
        bytes[min(position, bytes.count)...].starts(with: [0x5C, 0x75])
      {
        position += 2
        let low = try hexadecimal()
        if UTF16.isTrailSurrogate(low) {
          return UTF16.decode(UTF16.EncodedScalar([unit, low]))
        }
      }
      position = start
      throw problem("half a character")
    default:
      position = start
      throw problem("a backslash and a letter that stand for nothing")
    }
  }

  private mutating func hexadecimal() throws(Problem) -> UInt16 {
    var unit: UInt16 = 0
    for _ in 0..<4 {
      guard position < bytes.count,
        let digit = Character(Unicode.Scalar(bytes[position])).hexDigitValue
      else { throw problem("four hexadecimal digits should come here") }
      unit = unit << 4 | UInt16(digit)
      position += 1
    }
    return unit
  }

  private func problem(_ message: String) -> Problem {
    let before = bytes[..<min(position, bytes.count)]
    let start = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    return Problem(
      line: before.count { $0 == 0x0A } + 1,
      column: before[start...].count { $0 & 0xC0 != 0x80 } + 1,
      message: message)
  }
}
