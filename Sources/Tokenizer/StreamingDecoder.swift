/// Decodes ids one at a time, as a model generates them, without splitting a character.
///
/// The joined pieces equal the result of `Tokenizer.decode` for all ids.
public struct StreamingDecoder: Sendable {
  private let tokenizer: Tokenizer
  private let skipSpecial: Bool
  private var pending: [UInt8] = []
  /// Whether no byte has come yet.
  private var isAtStart = true

  /// A decoder before the first id.
  public init(_ tokenizer: Tokenizer, skipSpecial: Bool) {
    self.tokenizer = tokenizer
    self.skipSpecial = skipSpecial
  }

  /// Takes the next id and returns the text that is now complete, which may be empty.
  public mutating func feed(_ id: Int32) -> String {
    tokenizer.appendBytes(of: id, skipSpecial: skipSpecial, to: &pending)
    if isAtStart, let first = pending.first {
      if first == 0x20, tokenizer.kind.stripsFirstSpace { pending.removeFirst() }
      isAtStart = false
    }
    let certain = pending.count - Self.unfinishedLength(pending)
    defer { pending.removeSubrange(..<certain) }
    return tokenizer.kind.text(pending[..<certain])
  }

  /// Ends the text and returns the rest; an incomplete character becomes U+FFFD.
  public mutating func finish() -> String {
    defer { pending.removeAll() }
    return tokenizer.kind.text(pending)
  }

  /// The length of an incomplete character at the end of the bytes that may still become complete.
  private static func unfinishedLength(_ bytes: [UInt8]) -> Int {
    for length in 1...3 where length <= bytes.count {
      let lead = bytes[bytes.count - length]
      if lead & 0xC0 == 0x80 { continue }
      let second = length > 1 ? bytes[bytes.count - length + 1] : nil
      return isBeginning(lead, second, length) ? length : 0
    }
    return 0
  }

  /// Whether bytes are the beginning of a valid character (Unicode, table 3-7); the third byte is known
  /// to be in 80...BF.
  private static func isBeginning(_ lead: UInt8, _ second: UInt8?, _ length: Int) -> Bool {
    let whole: Int
    switch lead {
    case 0xC2...0xDF: whole = 2
    case 0xE0...0xEF: whole = 3
    case 0xF0...0xF4: whole = 4
    default: return false
    }
    guard length < whole else { return false }
    guard let second else { return true }
    switch lead {
    case 0xE0: return second >= 0xA0
    case 0xED: return second <= 0x9F
    case 0xF0: return second >= 0x90
    case 0xF4: return second <= 0x8F
    default: return true
    }
  }
}
