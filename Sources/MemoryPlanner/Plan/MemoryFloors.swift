import Merging
import Options

@preconcurrency import Glibc

/// How far a plan may reduce a question; below that it waits or gives up.
public struct MemoryFloors: Sendable, Equatable {
  /// The least share a merging layer of the LLM keeps.
  public var textRetention = 0.5
  /// The least share a merging layer of the ViT keeps.
  public var visionRetention = 0.6
  /// The least share of the visual tokens that all merging layers together keep. Unlike the other
  /// floors, it also raises a smaller share that was asked for.
  public var compoundRetention = 0.0
  /// The least share of the pixels.
  public var pixels = 0.25
  /// The least share of a video's frames.
  public var frames = 0.25

  /// With four merging layers in each stage: 0.8 % of the visual tokens (0.6⁴ · 0.5⁴), a quarter of the
  /// pixels and a quarter of the frames. The demo model lost 4 points at 12 % of the tokens, 9 at 7 %.
  public init() {}

  /// The merging, raised to keep at least `compoundRetention`: where less was asked for, every layer's
  /// share is raised to the same power, so that the product of all shares is the floor.
  public func raised(_ merging: ResolvedMerging) -> ResolvedMerging {
    let asked = merging.compoundRetention
    guard asked < compoundRetention, asked > 0, compoundRetention < 1 else { return merging }
    // (Π r)^t = floor, so r^t in every layer.
    let exponent = log(compoundRetention) / log(asked)
    var result = merging
    if case .share(let share) = merging.vision.retention {
      result.vision.retention = .share(pow(share, exponent))
    }
    if case .share(let share) = merging.text.retention {
      result.text.retention = .share(pow(share, exponent))
    }
    return result
  }

  /// The least share that a merging layer of the LLM may keep, given what the ViT keeps.
  public func textFloor(_ merging: ResolvedMerging) -> Double {
    max(textRetention, needed(merging.text, beside: merging.vision))
  }

  /// The least share that a merging layer of the ViT may keep, given what the LLM keeps.
  func visionFloor(_ merging: ResolvedMerging) -> Double {
    max(visionRetention, needed(merging.vision, beside: merging.text))
  }

  private func needed(_ stage: MergeStage, beside other: MergeStage) -> Double {
    guard compoundRetention > 0, !stage.layers.isEmpty, other.compoundRetention > 0 else {
      return 0
    }
    let left = min(1, compoundRetention / other.compoundRetention)
    return pow(left, 1 / Double(stage.layers.count))
  }
}
