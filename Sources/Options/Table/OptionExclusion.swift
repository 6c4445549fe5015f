/// Which options cannot be combined with an option.
public enum OptionExclusion: Sendable, Equatable {
  case nothing
  /// The options of these names.
  case options([String])
  /// All other options of its topic, except a seed, which goes with everything.
  case topic
}
