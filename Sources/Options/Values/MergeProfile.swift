/// Which reading of the method is computed.
public enum MergeProfile: String, Sendable, Codable, CaseIterable {
  /// The selection and the shares that kept most answers when all of them were measured (docs/results.md).
  case tuned
  /// The paper's formulas, with exact counts and DeepStack merged along.
  case exact
  /// Bit-compatible with the authors' published Qwen3-VL code.
  case published
  /// No merging.
  case off

  /// What is used where nobody chooses.
  public static let standard = MergeProfile.tuned

  /// How groups are chosen in the ViT where nobody chooses.
  public var visionChoice: VisionChoice { self == .tuned ? .distinct : .attention }
  /// How tokens are chosen in the LLM where nobody chooses.
  public var textChoice: TextChoice { self == .tuned ? .distinct : .attention }
  /// The share that every merging layer of the ViT keeps where nobody chooses.
  public var visionRetention: Retention { .share(0.85) }
  /// The share that every merging layer of the LLM keeps where nobody chooses.
  public var textRetention: Retention { .share(self == .tuned ? 0.8 : 0.9) }
  /// What becomes of the rows that a merging layer gives up where nobody chooses, in both stages.
  public var mode: MergeMode { self == .tuned ? .absorb : .recycle }
  /// How many visual tokens of a question the ViT leaves at least where nobody chooses: a picture of few
  /// tokens is soon computed, and its patches have little in common.
  public var visionMinTokens: Int { self == .tuned ? 80 : 0 }
}

extension MergeProfile: OptionValue {}
