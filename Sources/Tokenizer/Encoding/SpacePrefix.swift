/// What SentencePiece puts before a text, so that its first word looks like any other.
enum SpacePrefix: Sendable {
  /// Nothing.
  case none
  /// A space before every text, also before one that begins with a space (`add_dummy_prefix`).
  case always
  /// A space before a text that does not begin with one (HF `Metaspace`, `prepend_scheme` “always”).
  case unlessSpace
  /// The same, but only at the beginning of a prompt (`prepend_scheme` “first”).
  case unlessSpaceAtBeginning

  /// Whether a text gets a space.
  func applies(isBeginning: Bool, startsWithSpace: Bool) -> Bool {
    switch self {
    case .none: false
    case .always: true
    case .unlessSpace: !startsWithSpace
    case .unlessSpaceAtBeginning: isBeginning && !startsWithSpace
    }
  }
}
