/// Which reading of the method is computed.
public enum MergeProfile: String, Sendable, Codable, CaseIterable {
  /// The paper's formulas, with exact counts and DeepStack merged along.
  case exact
  /// Bit-compatible with the authors' published Qwen3-VL code.
  case published
  /// No merging.
  case off

  /// How the text layer before a merging layer scores its tokens.
  public var textScore: ScoreKind { self == .published ? .logSumExp : .lastQuery }
  /// Whether a group survives whole if any of its patches is kept, instead of groups being rows.
  public var keepsGroupsOfAnyPatch: Bool { self == .published }
  /// Whether survivors take the segment's first positions instead of keeping their own.
  public var truncatesPositions: Bool { self == .published }
}
