@preconcurrency import Glibc

/// One stage of merging, in the ViT or in the LLM, with its layers settled for a model.
public struct MergeStage: Sendable, Equatable {
  /// The layers that merge, ascending; empty where the stage is off.
  public var layers: [Int]
  /// What each of them keeps.
  public var retention: Retention
  /// What happens to the rest.
  public var mode: MergeMode

  /// A stage from its parts.
  public init(layers: [Int], retention: Retention, mode: MergeMode) {
    self.layers = layers
    self.retention = retention
    self.mode = mode
  }

  /// The share of the rows that is left after all its layers; 1 where rows are removed by number.
  public var compoundRetention: Double {
    guard case .share(let share) = retention else { return 1 }
    return pow(share, Double(layers.count))
  }
}
