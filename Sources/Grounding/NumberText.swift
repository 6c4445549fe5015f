/// Numbers in a text.
enum NumberText {
  /// Whether a byte can be part of a number.
  static func isPart(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x2B, 0x2D, 0x2E, 0x45, 0x65: true
    default: false
    }
  }

  /// The value of a whole text; `nil` for other texts, and where it is not finite.
  static func value(_ text: ArraySlice<UInt8>) -> Double? {
    guard text.allSatisfy(isPart), let number = Double(String(decoding: text, as: UTF8.self)),
      number.isFinite
    else { return nil }
    return number
  }
}
