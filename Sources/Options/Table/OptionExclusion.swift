/// What cannot be chosen beside an option.
public enum OptionExclusion: Sendable, Equatable {
  case nothing
  /// The option of this name.
  case option(String)
  /// All others of its topic.
  case topic
}
