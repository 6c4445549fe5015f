/// The 256 printable characters that stand for bytes in vocabulary files.
///
/// Printable Latin-1 bytes stand for themselves; the other 68 are given U+0100 and up in order, so
/// a space is written U+0120.
enum ByteAlphabet {
  /// The character of every byte.
  static let characters: [UInt32] = {
    var next: UInt32 = 0x100
    return (UInt32(0)...255).map { byte in
      switch byte {
      case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF: return byte
      default:
        defer { next += 1 }
        return next
      }
    }
  }()

  // By character; the last of them is U+0143.
  private static let bytes: [UInt8?] = {
    var bytes = [UInt8?](repeating: nil, count: 0x144)
    for (byte, character) in characters.enumerated() {
      bytes[Int(character)] = UInt8(truncatingIfNeeded: byte)
    }
    return bytes
  }()

  /// Appends the bytes that a token stands for; one with any character outside of the alphabet
  /// stands for its own text, as in the reference.
  static func appendBytes(of token: ArraySlice<UInt8>, to result: inout [UInt8]) {
    let start = result.count
    var index = token.startIndex
    while index < token.endIndex {
      var code = Int(token[index])
      index += 1
      if code >= 0x80 {
        // Two bytes reach to U+07FF, which is all of the alphabet and more.
        guard code < 0xE0, index < token.endIndex else { break }
        code = (code & 0x1F) << 6 | Int(token[index] & 0x3F)
        index += 1
      }
      guard code < bytes.count, let byte = bytes[code] else { break }
      result.append(byte)
      if index == token.endIndex { return }
    }
    result.removeSubrange(start...)
    result += token
  }
}
