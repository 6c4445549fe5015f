/// A short hash of a text (FNV-1a, 64 bits), the same on every machine and in every version.
enum Fingerprint {
  static func number(_ bytes: some Sequence<UInt8>) -> UInt64 {
    bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }

  /// 16 hexadecimal digits.
  static func text(_ text: String) -> String {
    let digits = String(number(text.utf8), radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
