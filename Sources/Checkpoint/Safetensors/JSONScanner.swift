import Diagnostics

/// A strict JSON reader that walks the text once and builds nothing the caller did not ask for.
///
/// A decoder that builds dictionaries drops the first of two equal keys without a word, and a
/// header with a repeated name must be refused. Nothing here calls itself per level of nesting, so
/// a deep text cannot exhaust the stack. Source: RFC 8259.
struct JSONScanner {
  /// How many levels of a value may be open at a time; real headers and indexes use three.
  static let depthLimit = 64

  private let bytes: [UInt8]
  private let codes: JSONCodes
  private(set) var position = 0

  /// A reader of a text; `codes` name what can be wrong with it.
  init(_ bytes: [UInt8], codes: JSONCodes) {
    self.bytes = bytes
    self.codes = codes
  }

  /// The next byte that is not white space, which stays unread; `nil` at the end.
  mutating func peek() -> UInt8? {
    while position < bytes.count {
      let byte = bytes[position]
      guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return byte }
      position += 1
    }
    return nil
  }

  /// Reads `byte` if it comes next.
  mutating func take(_ byte: UInt8) -> Bool {
    guard peek() == byte else { return false }
    position += 1
    return true
  }

  mutating func expect(_ byte: UInt8) throws(FormatProblem) {
    guard take(byte) else {
      throw syntax("'\(Character(UnicodeScalar(byte)))' expected")
    }
  }

  /// Nothing but white space may follow.
  mutating func expectEnd() throws(FormatProblem) {
    guard peek() == nil else { throw syntax("text after the end") }
  }

  /// Reads an object; `member` is called after each name and must read the value.
  mutating func object(
    _ member: (inout JSONScanner, String) throws(FormatProblem) -> Void
  ) throws(FormatProblem) {
    try expect(UInt8(ascii: "{"))
    if take(UInt8(ascii: "}")) { return }
    repeat {
      let name = try string()
      try expect(UInt8(ascii: ":"))
      try member(&self, name)
    } while take(UInt8(ascii: ","))
    try expect(UInt8(ascii: "}"))
  }

  /// Reads an array; `element` is called at each element and must read it.
  mutating func array(
    _ element: (inout JSONScanner) throws(FormatProblem) -> Void
  ) throws(FormatProblem) {
    try expect(UInt8(ascii: "["))
    if take(UInt8(ascii: "]")) { return }
    repeat {
      try element(&self)
    } while take(UInt8(ascii: ","))
    try expect(UInt8(ascii: "]"))
  }

  /// Reads `null` if it comes next.
  mutating func takeNull() throws(FormatProblem) -> Bool {
    guard peek() == UInt8(ascii: "n") else { return false }
    try word("null")
    return true
  }

  /// Reads a number that must be written as plain digits; `code` names the problem otherwise.
  mutating func wholeNumber(_ code: FailureCode) throws(FormatProblem) -> Int {
    guard let first = peek() else { throw syntax("a number expected") }
    if first == UInt8(ascii: "-") {
      throw FormatProblem(code, "negative number at byte \(position)")
    }
    guard isDigit(first) else {
      throw FormatProblem(code, "no whole number at byte \(position)")
    }
    let start = position
    var value = 0
    while position < bytes.count, isDigit(bytes[position]) {
      let (tens, carried) = value.multipliedReportingOverflow(by: 10)
      let (sum, wrapped) = tens.addingReportingOverflow(Int(bytes[position] - UInt8(ascii: "0")))
      guard !carried, !wrapped else {
        throw FormatProblem(code, "number too large at byte \(start)")
      }
      value = sum
      position += 1
    }
    if first == UInt8(ascii: "0"), position - start > 1 {
      throw FormatProblem(code, "number with a leading zero at byte \(start)")
    }
    if position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"):
        throw FormatProblem(code, "no whole number at byte \(start)")
      default: break
      }
    }
    return value
  }

  /// Reads a string with its escapes.
  mutating func string() throws(FormatProblem) -> String {
    try expect(UInt8(ascii: "\""))
    var run = position
    // Stays empty for a string without escapes, which is every name in practice.
    var decoded: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      if byte == UInt8(ascii: "\"") {
        let tail = bytes[run..<position]
        position += 1
        let text =
          decoded.isEmpty
          ? String(validating: tail, as: UTF8.self)
          : String(validating: decoded + tail, as: UTF8.self)
        guard let text else {
          throw FormatProblem(codes.notUTF8, "a string before byte \(position) is not UTF-8")
        }
        return text
      }
      guard byte >= 0x20 else { throw syntax("control character in a string") }
      if byte == UInt8(ascii: "\\") {
        decoded += bytes[run..<position]
        position += 1
        decoded += Array(String(try escape()).utf8)
        run = position
      } else {
        position += 1
      }
    }
    throw syntax("string without an end")
  }

  /// Reads a value of any kind and forgets it.
  mutating func skipValue() throws(FormatProblem) {
    var open: [UInt8] = []
    repeat {
      switch peek() {
      case UInt8(ascii: "{"):
        position += 1
        open.append(UInt8(ascii: "}"))
        if !take(UInt8(ascii: "}")) {
          try memberName()
          try checkDepth(open.count)
          continue
        }
        open.removeLast()
      case UInt8(ascii: "["):
        position += 1
        open.append(UInt8(ascii: "]"))
        if !take(UInt8(ascii: "]")) {
          try checkDepth(open.count)
          continue
        }
        open.removeLast()
      case UInt8(ascii: "\""): _ = try string()
      case UInt8(ascii: "t"): try word("true")
      case UInt8(ascii: "f"): try word("false")
      case UInt8(ascii: "n"): try word("null")
      default: try skipNumber()
      }
      // A value has ended, and with it perhaps the containers it was the last of.
      while let closer = open.last {
        if take(UInt8(ascii: ",")) {
          if closer == UInt8(ascii: "}") { try memberName() }
          break
        }
        try expect(closer)
        open.removeLast()
      }
    } while !open.isEmpty
  }

  private mutating func memberName() throws(FormatProblem) {
    _ = try string()
    try expect(UInt8(ascii: ":"))
  }

  private func checkDepth(_ depth: Int) throws(FormatProblem) {
    guard depth <= Self.depthLimit else {
      throw FormatProblem(
        codes.tooDeep, "nested deeper than \(Self.depthLimit) at byte \(position)")
    }
  }

  private mutating func word(_ word: String) throws(FormatProblem) {
    for byte in word.utf8 {
      guard position < bytes.count, bytes[position] == byte else {
        throw syntax("'\(word)' expected")
      }
      position += 1
    }
  }

  /// `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`
  private mutating func skipNumber() throws(FormatProblem) {
    func next() -> UInt8? { position < bytes.count ? bytes[position] : nil }
    if next() == UInt8(ascii: "-") { position += 1 }
    if next() == UInt8(ascii: "0") { position += 1 } else { try skipDigits() }
    if next() == UInt8(ascii: ".") {
      position += 1
      try skipDigits()
    }
    if next() == UInt8(ascii: "e") || next() == UInt8(ascii: "E") {
      position += 1
      if next() == UInt8(ascii: "+") || next() == UInt8(ascii: "-") { position += 1 }
      try skipDigits()
    }
  }

  private mutating func skipDigits() throws(FormatProblem) {
    let start = position
    while position < bytes.count, isDigit(bytes[position]) { position += 1 }
    guard position > start else { throw syntax("a value expected") }
  }

  /// Reads what follows a backslash.
  private mutating func escape() throws(FormatProblem) -> Unicode.Scalar {
    guard position < bytes.count else { throw syntax("string without an end") }
    let byte = bytes[position]
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      let unit = try hexUnit()
      if let scalar = Unicode.Scalar(unit) { return scalar }
      // A high surrogate needs its low half right behind it; a half alone is no character.
      if UTF16.isLeadSurrogate(unit), position + 1 < bytes.count,
        bytes[position] == UInt8(ascii: "\\"), bytes[position + 1] == UInt8(ascii: "u")
      {
        position += 2
        let low = try hexUnit()
        if UTF16.isTrailSurrogate(low) {
          return UTF16.decode(UTF16.EncodedScalar([unit, low]))
        }
      }
      throw syntax("half of a surrogate pair")
    default:
      throw syntax("unknown escape")
    }
  }

  private mutating func hexUnit() throws(FormatProblem) -> UInt16 {
    var unit: UInt16 = 0
    for _ in 0..<4 {
      guard position < bytes.count,
        let digit = Character(UnicodeScalar(bytes[position])).hexDigitValue
      else { throw syntax("four hexadecimal digits expected") }
      unit = unit << 4 | UInt16(digit)
      position += 1
    }
    return unit
  }

  private func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }

  private func syntax(_ text: String) -> FormatProblem {
    FormatProblem(codes.notJSON, "\(text) at byte \(position)")
  }
}
