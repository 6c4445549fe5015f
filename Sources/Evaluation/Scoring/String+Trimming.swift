extension String {
  /// The text without white space and any of `characters` at its ends.
  func trimming(_ characters: String = "") -> String {
    func goes(_ character: Character) -> Bool {
      character.isWhitespace || characters.contains(character)
    }
    let start = drop(while: goes)
    guard let last = start.lastIndex(where: { !goes($0) }) else { return "" }
    return String(start[...last])
  }
}
