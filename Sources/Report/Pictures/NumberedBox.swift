import Engine

/// A box with its number in the answer, from 1, under which it is listed.
struct NumberedBox {
  let number: Int
  let box: AnswerBox

  /// The most letters of a label on a picture.
  private static let letters = 24

  /// What is written beside the box: the number, and the label where the font has all of its letters.
  func tag(hasLabel: Bool) -> String {
    guard hasLabel, let label = box.label,
      label.allSatisfy({ BitmapFont.glyph($0) != nil })
    else { return "\(number)" }
    let words = label.count > Self.letters ? label.prefix(Self.letters - 1) + "…" : label[...]
    return "\(number) \(words)"
  }
}
