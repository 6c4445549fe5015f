/// Percent-encoding (RFC 3986, 2.1), and forms as browsers encode them.
public enum PercentText {
  /// The text that is encoded; `nil` for a broken encoding and for bytes that are not UTF-8.
  public static func decoded(_ text: some Sequence<UInt8>, plusIsSpace: Bool) -> String? {
    var bytes: [UInt8] = []
    var rest = text.makeIterator()
    while let byte = rest.next() {
      switch byte {
      case UInt8(ascii: "%"):
        guard let high = rest.next().flatMap(digit), let low = rest.next().flatMap(digit) else {
          return nil
        }
        bytes.append(high << 4 | low)
      case UInt8(ascii: "+") where plusIsSpace: bytes.append(0x20)
      default: bytes.append(byte)
      }
    }
    return String(validating: bytes, as: UTF8.self)
  }

  /// The members of a form or a query; `nil` for a broken encoding.
  public static func form(_ text: some Sequence<UInt8>) -> [String: String]? {
    var members: [String: String] = [:]
    for pair in Array(text).split(separator: UInt8(ascii: "&")) {
      let cut = pair.split(
        separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = decoded(cut[0], plusIsSpace: true),
        let value = cut.count > 1 ? decoded(cut[1], plusIsSpace: true) : ""
      else { return nil }
      members[name] = value
    }
    return members
  }

  /// The text encoded as part of a path or a query.
  public static func encoded(_ text: String) -> String {
    var result = ""
    for byte in text.utf8 {
      let isPlain =
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        || byte == 0x2D || byte == 0x2E || byte == 0x5F || byte == 0x7E
      if isPlain {
        result.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        let digits = String(byte, radix: 16, uppercase: true)
        result += "%" + (digits.utf8.count == 1 ? "0" : "") + digits
      }
    }
    return result
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46, 0x61...0x66: (byte | 0x20) - 0x57
    default: nil
    }
  }
}
