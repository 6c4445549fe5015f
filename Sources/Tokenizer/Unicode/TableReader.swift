/// Reads the generated tables: hexadecimal numbers, each with the mark before it.
struct TableReader {
  /// The mark before a number.
  enum Mark: UInt8 {
    case gap = 0x20
    case colon = 0x3A
    case plus = 0x2B
    case equals = 0x3D
  }

  /// Calls `body` for every number of a table in order.
  static func forEachNumber(of table: StaticString, _ body: (Mark, UInt32) -> Void) {
    table.withUTF8Buffer { bytes in
      var mark = Mark.gap
      var number: UInt32 = 0
      var inside = false
      for byte in bytes {
        switch byte {
        case 0x30...0x39:
          number = number &* 16 &+ UInt32(byte &- 0x30)
          inside = true
        case 0x41...0x46:
          number = number &* 16 &+ UInt32(byte &- 0x37)
          inside = true
        default:
          if inside { body(mark, number) }
          mark = Mark(rawValue: byte) ?? .gap
          number = 0
          inside = false
        }
      }
      if inside { body(mark, number) }
    }
  }

  /// Calls `body` with every range of a table of gaps and lengths, in order.
  static func forEachRange(of table: StaticString, _ body: (ClosedRange<UInt32>) -> Void) {
    var last: UInt32 = 0
    var pending: UInt32?
    forEachNumber(of: table) { mark, number in
      if mark == .plus, let first = pending {
        last = first &+ number
        body(first...max(first, last))
        pending = nil
      } else {
        if let first = pending { body(first...first) }
        last = last &+ number
        pending = last
      }
    }
    if let first = pending { body(first...first) }
  }
}
