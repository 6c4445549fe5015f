/// Text between quotation marks.
enum EscapedText {
  /// The text without its escape sequences; those that stand for nothing become U+FFFD.
  static func plain(_ bytes: ArraySlice<UInt8>) -> String {
    guard bytes.contains(0x5C) else { return String(decoding: bytes, as: UTF8.self) }
    var units: [UInt16] = []
    var text = ""
    // Halves of a character stand side by side.
    func flush() {
      text += String(decoding: units, as: UTF16.self)
      units = []
    }
    var rest = bytes
    while let slash = rest.firstIndex(of: 0x5C) {
      if slash > rest.startIndex {
        flush()
        text += String(decoding: rest[..<slash], as: UTF8.self)
      }
      let (unit, length) = unit(rest[slash...].dropFirst())
      units.append(unit)
      rest = rest[slash...].dropFirst(1 + length)
    }
    flush()
    return text + String(decoding: rest, as: UTF8.self)
  }

  /// The unit of UTF-16 that the bytes behind a backslash stand for, and how many they are.
  private static func unit(_ bytes: ArraySlice<UInt8>) -> (UInt16, length: Int) {
    guard let first = bytes.first else { return (0xFFFD, 0) }
    switch first {
    case 0x22, 0x27, 0x2F, 0x5C: return (UInt16(first), 1)
    case 0x62: return (0x08, 1)
    case 0x66: return (0x0C, 1)
    case 0x6E: return (0x0A, 1)
    case 0x72: return (0x0D, 1)
    case 0x74: return (0x09, 1)
    case 0x75:
      let digits = String(decoding: bytes.dropFirst().prefix(4), as: UTF8.self)
      guard digits.utf8.count == 4, !digits.contains("+"), !digits.contains("-"),
        let unit = UInt16(digits, radix: 16)
      else { return (0xFFFD, 1) }
      return (unit, 5)
    default: return (0xFFFD, 1)
    }
  }
}
