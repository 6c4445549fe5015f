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
  /// The same among all visual tokens of the question: what does not change from frame to frame makes
  /// its tokens alike, so that frames that show something new keep more of theirs.
  case distinctOverall = "distinct-overall"
  /// Plain chance, from a seed.
  case random

  /// Whether the segments share what is kept, the best tokens staying wherever they are. Otherwise each
  /// segment keeps its part.
  public var isShared: Bool { self == .distinctOverall }
}
