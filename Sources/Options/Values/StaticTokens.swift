/// What becomes of the visual tokens of a film that stand still: those of groups that were not computed
/// again for a pair of frames.
public enum StaticTokens: String, Sendable, Codable, CaseIterable {
  /// Every pair has them again in the prompt.
  case keep
  /// They are only in the pair they were computed for, and count there as often as they were seen.
  case absorb
  /// They are only in the pair they were computed for, and count once.
  case drop
}

extension StaticTokens: OptionValue {}
