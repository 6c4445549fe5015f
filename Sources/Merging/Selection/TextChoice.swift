/// The named ways to choose which visual tokens survive a merging layer of the LLM.
public enum TextChoice: String, Sendable, Codable, CaseIterable {
  /// The profile's own score, from the attention of the layer before.
  case attention
  /// Plain chance, from a seed.
  case random
}
