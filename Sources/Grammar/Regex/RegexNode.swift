/// A regular expression as it is written.
indirect enum RegexNode: Sendable {
  /// One scalar of a set.
  case scalar(ScalarSet)
  /// One after the other; nothing for the empty text.
  case sequence([RegexNode])
  /// Any one of these.
  case either([RegexNode])
  /// From `min` to `max` times, or without an upper bound.
  case repeated(RegexNode, min: Int, max: Int?)
  /// `^`, the beginning of the text.
  case start
  /// `$`, the end of the text.
  case end

  /// Any text.
  static let anything = RegexNode.repeated(.scalar(.all), min: 0, max: nil)
}
