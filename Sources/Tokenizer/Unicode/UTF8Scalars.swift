/// Reads and appends scalars in arrays of UTF-8.
enum UTF8Scalars {
  /// The scalar that starts at `index` and its length in bytes.
  ///
  /// Text comes from a `String` and is well formed. Invalid bytes give U+FFFD, one at a time, so that an
  /// error elsewhere can never cause a read out of bounds.
  @inline(__always)
  static func scalar(in text: [UInt8], at index: Int) -> (code: UInt32, length: Int) {
    let lead = text[index]
    if lead < 0x80 { return (UInt32(lead), 1) }
    return multibyte(in: text, at: index, lead: UInt32(lead))
  }

  private static func multibyte(
    in text: [UInt8], at index: Int, lead: UInt32
  ) -> (code: UInt32, length: Int) {
    let left = text.count - index
    func tail(_ offset: Int) -> UInt32 { UInt32(text[index + offset] & 0x3F) }
    if lead < 0xE0, left >= 2 { return ((lead & 0x1F) << 6 | tail(1), 2) }
    if lead < 0xF0, left >= 3 { return ((lead & 0x0F) << 12 | tail(1) << 6 | tail(2), 3) }
    if left >= 4 {
      let code = (lead & 0x07) << 18 | tail(1) << 12 | tail(2) << 6 | tail(3)
      if code < 0x110000 { return (code, 4) }
    }
    return (0xFFFD, 1)
  }

  /// Appends a scalar as UTF-8.
  static func append(_ code: UInt32, to text: inout [UInt8]) {
    func byte(_ value: UInt32) -> UInt8 { UInt8(truncatingIfNeeded: value) }
    func tail(_ shift: UInt32) -> UInt8 { byte(0x80 | (code >> shift & 0x3F)) }
    switch code {
    case ..<0x80: text.append(byte(code))
    case ..<0x800: text += [byte(0xC0 | code >> 6), tail(0)]
    case ..<0x10000: text += [byte(0xE0 | code >> 12), tail(6), tail(0)]
    default: text += [byte(0xF0 | (code >> 18 & 7)), tail(12), tail(6), tail(0)]
    }
  }
}
