import Options

@preconcurrency import Glibc

/// One stage of merging, in the ViT or in the LLM, with its layers settled for a model.
public struct MergeStage: Sendable, Equatable {
  /// The model part that merges: ViT or LLM.
  public let place: MergePlace
  /// The layers that merge, ascending; empty where the stage is off.
  public var layers: [Int]
  /// The share that each of these layers keeps, or the number of rows it removes.
  public var retention: Retention
  /// What happens to the rows that are not kept.
  public var mode: MergeMode

  /// A stage from its parts.
  public init(_ place: MergePlace, layers: [Int], retention: Retention, mode: MergeMode) {
    self.place = place
    self.layers = layers
    self.retention = retention
    self.mode = mode
  }

  /// The share of the rows left after all merging layers; 1 where the retention is a number of rows.
  public var compoundRetention: Double {
    guard case .share(let share) = retention else { return 1 }
    return pow(share, Double(layers.count))
  }

  /// The number of groups that one merging layer keeps of `count`.
  public func kept(of count: Int) -> Int {
    switch place {
    case .vision: retention.keptInVision(of: count)
    case .text: retention.keptInText(of: count)
    }
  }

  /// The number of groups left of each segment after each layer of a range.
  ///
  /// - Parameters:
  ///   - segments: groups of each segment that reach the first of the layers.
  ///   - fixed: how many of them are never removed; empty for none.
  /// - Returns: `[layers][segments]`.
  public func counts(
    of segments: [Int], fixed: [Int] = [], through range: Range<Int>
  ) -> [[Int]] {
    var counts = segments
    return range.map { layer in
      if layers.contains(layer) {
        counts = counts.enumerated().map { segment, count in
          let fixed = segment < fixed.count ? fixed[segment] : 0
          return count > fixed ? fixed + kept(of: count - fixed) : count
        }
      }
      return counts
    }
  }
}
