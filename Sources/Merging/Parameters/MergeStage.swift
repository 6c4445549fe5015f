import Options

@preconcurrency import Glibc

/// One stage of merging, in the ViT or in the LLM, with its layers settled for a model.
public struct MergeStage: Sendable, Equatable {
  /// Where it merges.
  public let place: MergePlace
  /// The layers that merge, ascending; empty where the stage is off.
  public var layers: [Int]
  /// What each of them keeps.
  public var retention: Retention
  /// What happens to the rest.
  public var mode: MergeMode

  /// A stage from its parts.
  public init(_ place: MergePlace, layers: [Int], retention: Retention, mode: MergeMode) {
    self.place = place
    self.layers = layers
    self.retention = retention
    self.mode = mode
  }

  /// The share of the rows that is left after all its layers; 1 where rows are removed by number.
  public var compoundRetention: Double {
    guard case .share(let share) = retention else { return 1 }
    return pow(share, Double(layers.count))
  }

  /// Groups that one merging layer keeps of so many.
  public func kept(of count: Int) -> Int {
    switch place {
    case .vision: retention.keptInVision(of: count)
    case .text: retention.keptInText(of: count)
    }
  }

  /// Groups of each segment that are left at every layer of a range, once the layer has merged.
  ///
  /// - Parameter segments: groups of each segment that reach the first of the layers.
  /// - Returns: `[layers][segments]`.
  public func counts(of segments: [Int], through range: Range<Int>) -> [[Int]] {
    var counts = segments
    return range.map { layer in
      if layers.contains(layer) { counts = counts.map(kept(of:)) }
      return counts
    }
  }
}
