/// The named ways to choose which groups of a picture survive a merging layer of the ViT.
///
/// Cosines are of group features after the attention residual, with the segment's mean taken off:
/// without that, what all groups have in common makes every pair look alike.
public enum VisionChoice: String, Sendable, Codable, CaseIterable {
  /// The groups that are looked at most: mean softmax column over heads and queries (iLLaVA, arXiv
  /// 2412.06263, eq. 3).
  case attention
  /// The groups with the highest log-sum-exp of their own queries' logits: what the published
  /// iLLaVA code reads off FlashAttention, here over whole groups.
  case lse
  /// The groups least like the others: lowest mean positive cosine to the rest.
  case distinct
  /// Farthest-point greedy on the cosine: each next group is the one least like all chosen so far
  /// (Gonzalez, 1985; for visual tokens DivPrune, arXiv 2503.02175).
  case diverse
  /// Bipartite soft matching: every other group may be averaged into the most similar of the rest,
  /// the most similar pairs first (ToMe, arXiv 2210.09461).
  case bipartite
  /// Plain chance, from a seed: what every other choice has to beat.
  case random
}

extension VisionChoice: OptionValue {}
