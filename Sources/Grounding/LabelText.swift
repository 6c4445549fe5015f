/// Labels of boxes.
enum LabelText {
  /// The most characters of a label.
  static let limit = 200
  /// The most bytes of a text that are looked at for a label.
  static let byteLimit = 8 * limit

  /// A label from its bytes, without white space around it, cut off where it is too long; `nil` where
  /// nothing is left.
  static func clipped(_ bytes: ArraySlice<UInt8>) -> String? {
    clipped(String(decoding: bytes.prefix(byteLimit), as: UTF8.self))
  }

  /// The same for a text.
  static func clipped(_ text: String) -> String? {
    let start = text.drop(while: \.isWhitespace)
    guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return nil }
    let trimmed = start[...last]
    guard trimmed.count > limit || trimmed.unicodeScalars.count > 2 * limit else {
      return String(trimmed)
    }
    // A character can have any number of combining marks.
    var clipped = ""
    for scalar in trimmed.prefix(limit - 1).unicodeScalars.prefix(2 * limit) {
      clipped.unicodeScalars.append(scalar)
    }
    return clipped + "…"
  }
}
