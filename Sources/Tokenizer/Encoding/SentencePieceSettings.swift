/// What a SentencePiece vocabulary says besides its tokens and merges.
struct SentencePieceSettings: Sendable {
  /// What comes before a text.
  var prefix = SpacePrefix.none
  /// Whether one space at the beginning of a decoded text belongs to the prefix.
  var stripsFirstSpace = false
  /// Symbols that stay whole wherever their text stands, by that text (SentencePiece's user-defined
  /// symbols).
  var whole: [[UInt8]: Int32] = [:]
  /// Tokens of one character that text cannot become.
  var unreachable: Set<Int32> = []

  /// The character that stands for a space, U+2581, as UTF-8.
  static let space: [UInt8] = [0xE2, 0x96, 0x81]

  /// The byte that a token such as `<0x0A>` stands for.
  static func byte(_ spelling: some Collection<UInt8>) -> UInt8? {
    guard spelling.count == 6, spelling.starts(with: "<0x".utf8) else { return nil }
    let digits = spelling.dropFirst(3)
    guard digits.dropFirst(2).first == 0x3E else { return nil }
    return UInt8(String(decoding: digits.prefix(2), as: UTF8.self), radix: 16)
  }

  /// The name of a byte's token.
  static func spelling(of byte: UInt8) -> [UInt8] {
    let digits = String(byte, radix: 16, uppercase: true)
    return Array("<0x\(digits.count < 2 ? "0" : "")\(digits)>".utf8)
  }
}
