/// A version of the merging method.
public enum MergeProfile: String, Sendable, Codable, CaseIterable {
  /// The selection and retention that kept the most answers right in measurements (docs/results.md).
  case tuned
  /// The paper's formulas, with exact counts, and with DeepStack features merged, too.
  case exact
  /// Bit-compatible with the authors' published Qwen3-VL code.
  case published
  /// No merging.
  case off

  /// The default profile.
  public static let standard = MergeProfile.tuned

  /// The default selection of the ViT.
  public var visionChoice: VisionChoice { self == .tuned ? .distinct : .attention }
  /// The default selection of the LLM.
  public var textChoice: TextChoice { self == .tuned ? .distinct : .attention }
  /// The default share that every merging layer of the ViT keeps.
  public var visionRetention: Retention { .share(0.85) }
  /// The default share that every merging layer of the LLM keeps.
  public var textRetention: Retention { .share(self == .tuned ? 0.8 : 0.9) }
  /// The default mode, in both stages.
  public var mode: MergeMode { self == .tuned ? .absorb : .recycle }
  /// Whether what stands still in a film is computed only once by default.
  public var reusesStatic: Bool { false }
  /// The default for the least number of visual tokens that the ViT leaves of a question: an image of
  /// few tokens is cheap to compute, and its patches have little in common.
  public var visionMinTokens: Int { self == .tuned ? 80 : 0 }
}

extension MergeProfile: OptionValue {}
