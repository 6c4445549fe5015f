/// The named selections of visual tokens in a merging layer of the LLM.
public enum TextChoice: String, Sendable, Codable, CaseIterable {
  /// The profile's own score, from the attention of the layer before.
  case attention
  /// The attention paid by the whole question in the layer before, not only by its last token (the
  /// observation window of SnapKV, arXiv 2404.14469).
  case question
  /// The tokens least like the others: lowest mean positive cosine to the rest of their segment, with
  /// the segment's mean subtracted.
  case distinct
  /// Random tokens, from a seed.
  case random
}

extension TextChoice: OptionValue {}
