/// Decodes base64 (RFC 4648, 4 and 5) piece by piece; white space and padding are skipped.
struct Base64Decoder {
  private var bits: UInt32 = 0
  private var count = 0
  private var isPadded = false

  /// Decodes the next character and appends the bytes that are complete.
  ///
  /// - Returns: `false` for a character that does not belong there.
  mutating func take(_ byte: UInt8, into output: inout [UInt8]) -> Bool {
    let value: UInt32
    switch byte {
    case 0x41...0x5A: value = UInt32(byte - 0x41)
    case 0x61...0x7A: value = UInt32(byte - 0x61) + 26
    case 0x30...0x39: value = UInt32(byte - 0x30) + 52
    case 0x2B, 0x2D: value = 62
    case 0x2F, 0x5F: value = 63
    case 0x3D:
      isPadded = true
      return true
    case 0x09, 0x0A, 0x0D, 0x20: return true
    default: return false
    }
    guard !isPadded else { return false }
    bits = bits << 6 | value
    count += 1
    if count == 4 {
      output.append(UInt8(truncatingIfNeeded: bits >> 16))
      output.append(UInt8(truncatingIfNeeded: bits >> 8))
      output.append(UInt8(truncatingIfNeeded: bits))
      (bits, count) = (0, 0)
    }
    return true
  }

  /// Appends the bytes of the last group.
  ///
  /// - Returns: `false` where a single character is left over.
  mutating func finish(into output: inout [UInt8]) -> Bool {
    switch count {
    case 1: return false
    case 2: output.append(UInt8(truncatingIfNeeded: bits >> 4))
    case 3:
      output.append(UInt8(truncatingIfNeeded: bits >> 10))
      output.append(UInt8(truncatingIfNeeded: bits >> 2))
    default: break
    }
    return true
  }
}
