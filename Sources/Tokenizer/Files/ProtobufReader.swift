import Basics
import Diagnostics

/// Reads the fields of a protobuf message from an untrusted file, each size checked against what is left
/// (Protocol Buffers, “Encoding”).
struct ProtobufReader {
  /// The value of a field, by its type on the wire.
  enum Value {
    case number(UInt64)
    case bits32(UInt32)
    case bits64(UInt64)
    case bytes(ArraySlice<UInt8>)
  }

  private var rest: ArraySlice<UInt8>

  /// Starts at the first field of a message.
  init(_ message: ArraySlice<UInt8>) { rest = message }

  /// An error at the current byte.
  func problem(_ expected: String) -> FormatProblem {
    FormatProblem(.tokenizerFileDamaged, "byte \(rest.startIndex): expected \(expected)")
  }

  /// The next field, or `nil` at the end of the message.
  mutating func next() throws(FormatProblem) -> (field: UInt64, value: Value)? {
    guard !rest.isEmpty else { return nil }
    let key = try number()
    guard key >> 3 > 0 else { throw problem("a field with a number from 1") }
    switch key & 7 {
    case 0: return (key >> 3, .number(try number()))
    case 1: return (key >> 3, .bits64(try bits(8)))
    case 2:
      let length = try number()
      guard length <= UInt64(rest.count) else {
        throw problem("\(length) more bytes, not \(rest.count)")
      }
      return (key >> 3, .bytes(try take(Int(length))))
    case 5: return (key >> 3, .bits32(UInt32(truncatingIfNeeded: try bits(4))))
    case let type: throw problem("a type of field that is in use, not \(type)")
    }
  }

  /// A number in groups of seven bits, the lowest first.
  private mutating func number() throws(FormatProblem) -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      guard let byte = rest.popFirst() else { throw problem("the rest of a number") }
      // The tenth byte has the last of 64 bits.
      guard shift < 63 || byte < 2 else { break }
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    throw problem("a number of at most 64 bits")
  }

  private mutating func bits(_ count: Int) throws(FormatProblem) -> UInt64 {
    try take(count).reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  private mutating func take(_ count: Int) throws(FormatProblem) -> ArraySlice<UInt8> {
    guard count <= rest.count else { throw problem("\(count) more bytes, not \(rest.count)") }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }
}
