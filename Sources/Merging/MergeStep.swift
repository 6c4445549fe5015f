/// What one merging layer did: visual tokens of every segment before and after it.
public struct MergeStep: Sendable, Equatable {
  /// Where a layer merges.
  public enum Stage: String, Sendable, Codable {
    /// Inside the image encoder.
    case vision = "vit"
    /// Inside the language model.
    case text = "llm"
  }

  /// Where.
  public let stage: Stage
  /// The layer, counted from 0.
  public let layer: Int
  /// Visual tokens (groups, in the ViT) per segment before the layer.
  public let before: [Int]
  /// Visual tokens per segment after it.
  public let after: [Int]

  /// A step from its parts.
  public init(stage: Stage, layer: Int, before: [Int], after: [Int]) {
    self.stage = stage
    self.layer = layer
    self.before = before
    self.after = after
  }
}
