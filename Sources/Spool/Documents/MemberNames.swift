/// The names of an object's members, as far as they can be found in JSON that is broken or cut off.
enum MemberNames {
  /// The names at the first level; empty for a text that does not begin as an object.
  ///
  /// Quotes may be single or missing, and a colon may be an equals sign.
  static func of(_ text: [UInt8]) -> Set<String> {
    var names: Set<String> = []
    var depth = 0
    var word: [UInt8] = []
    var position = 0
    while position < text.count {
      let byte = text[position]
      position += 1
      switch byte {
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        if depth == 0, byte != UInt8(ascii: "{") || !word.isEmpty { return [] }
        depth += 1
        word = []
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        word = []
        if depth <= 0 { return names }
      case UInt8(ascii: "\""), UInt8(ascii: "'"):
        if depth == 0 { return [] }
        word = quoted(text, &position, by: byte)
      case UInt8(ascii: ":"), UInt8(ascii: "="):
        if depth == 1, !word.isEmpty { names.insert(String(decoding: word, as: UTF8.self)) }
        word = []
      case UInt8(ascii: ","): word = []
      case 0x09, 0x0A, 0x0D, 0x20: break
      default:
        if depth == 0 { return [] }
        // A word without quotes begins after a blank or a sign.
        if position >= 2, !isPart(text[position - 2]) { word = [] }
        word.append(byte)
      }
    }
    return names
  }

  /// The text up to the closing quote, or to the end of the line where there is none.
  private static func quoted(_ text: [UInt8], _ position: inout Int, by quote: UInt8) -> [UInt8] {
    var word: [UInt8] = []
    while position < text.count {
      let byte = text[position]
      position += 1
      if byte == quote || byte == 0x0A { break }
      word.append(byte)
      if byte == UInt8(ascii: "\\"), position < text.count {
        word.append(text[position])
        position += 1
      }
    }
    return word
  }

  private static func isPart(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), 0x80...:
      true
    default: false
    }
  }
}
