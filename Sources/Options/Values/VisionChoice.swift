/// The named selections of groups in a merging layer of the ViT.
///
/// Cosines are of group features after the attention residual, with the segment's mean subtracted,
/// because the part common to all groups would make every pair look alike.
public enum VisionChoice: String, Sendable, Codable, CaseIterable {
  /// The groups that receive the most attention: mean softmax column over heads and queries (iLLaVA,
  /// arXiv 2412.06263, eq. 3).
  case attention
  /// The groups with the highest log-sum-exp of their own queries' logits, which the published iLLaVA
  /// code gets from FlashAttention for patches; here for whole groups.
  case lse
  /// The groups least like the others: lowest mean positive cosine to the rest.
  case distinct
  /// Greedy farthest-point selection by cosine: each next group is the one least like all chosen so far
  /// (Gonzalez, 1985; for visual tokens DivPrune, arXiv 2503.02175).
  case diverse
  /// Bipartite soft matching: every other group may be averaged into the most similar of the rest, the
  /// most similar pairs first (ToMe, arXiv 2210.09461).
  case bipartite
  /// Random groups, from a seed, for comparison.
  case random
}

extension VisionChoice: OptionValue {}
