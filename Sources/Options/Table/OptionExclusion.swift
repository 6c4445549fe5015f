/// Which options cannot be combined with an option.
public enum OptionExclusion: Sendable, Equatable {
  case nothing
  /// The option of this name.
  case option(String)
  /// All other options of its topic, except a seed, which goes with everything.
  case topic
}
