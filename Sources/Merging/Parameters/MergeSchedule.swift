/// The number of groups of every segment at each layer of a model.
///
/// The counts follow from sizes and settings alone, never from scores. The forward passes leave exactly
/// this many, and memory and work are planned from them. The ViT of the profile `published` is the
/// exception: what it keeps depends on scores, so all its groups are counted as kept.
public struct MergeSchedule: Sendable, Equatable {
  /// Groups of each segment that reach the ViT, `[segments]`.
  public let segments: [Int]
  /// Groups left once a ViT layer has merged, `[ViT layers][segments]`.
  public let vision: [[Int]]
  /// Visual tokens inside a text layer, `[text layers][runs]`.
  public let text: [[Int]]

  /// The counts for one question.
  ///
  /// - Parameters:
  ///   - segments: groups of each segment.
  ///   - runs: the segments whose tokens the language model merges together.
  public init(
    _ merging: ResolvedMerging, segments: [Int], runs: [Range<Int>], visionDepth: Int,
    textDepth: Int
  ) {
    self.segments = segments
    var stage = merging.vision
    if merging.profile.keepsGroupsOfAnyPatch { stage.layers = [] }
    vision = stage.counts(of: segments, through: 0..<visionDepth)
    let encoded = vision.last ?? segments
    text = merging.text.counts(
      of: runs.map { encoded[$0].reduce(0, +) }, through: 0..<textDepth)
  }

  /// Groups that reach a ViT layer, `[segments]`.
  public func groups(before layer: Int) -> [Int] { layer == 0 ? segments : vision[layer - 1] }

  /// Groups that leave the ViT, `[segments]`.
  public var encoded: [Int] { vision.last ?? segments }

  /// Visual tokens that are left after the last merging layer.
  public var left: Int { (text.last ?? encoded).reduce(0, +) }
}
