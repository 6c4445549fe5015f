/// The named ways to choose which visual tokens survive a merging layer of the LLM.
public enum TextChoice: String, Sendable, Codable, CaseIterable {
  /// The profile's own score, from the attention of the layer before.
  case attention
  /// What the whole question looks at in the layer before, not only its last token (the observation
  /// window of SnapKV, arXiv 2404.14469).
  case question
  /// The tokens least like the others: lowest mean positive cosine to the rest of their segment, whose
  /// mean is taken off.
  case distinct
  /// Plain chance, from a seed.
  case random
}

extension TextChoice: OptionValue {}
