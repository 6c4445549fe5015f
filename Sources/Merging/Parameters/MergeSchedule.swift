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
  /// Visual tokens of each run that reach the language model, `[runs]`.
  public let read: [Int]
  /// Visual tokens inside a text layer, `[text layers][runs]`.
  public let text: [[Int]]

  /// The counts for one question.
  ///
  /// - Parameters:
  ///   - segments: groups of each segment.
  ///   - fixed: how many of them are never removed; empty for none.
  ///   - joined: the groups of each segment that the language model reads, where they are not those that
  ///     leave the ViT; empty for none.
  ///   - runs: the segments whose tokens the language model merges together.
  ///   - packed: the tokens of a run, and how many of them are never removed, for the groups that are
  ///     left of its segments; `nil` where a run's tokens are its segments' groups.
  public init(
    _ merging: ResolvedMerging, segments: [Int], fixed: [Int] = [], joined: [Int?] = [],
    runs: [Range<Int>],
    packed: ((_ run: Int, _ left: ArraySlice<Int>) -> (tokens: Int, fixed: Int))? = nil,
    visionDepth: Int, textDepth: Int
  ) {
    self.segments = segments
    var stage = merging.vision
    if merging.profile.keepsGroupsOfAnyPatch { stage.layers = [] }
    vision = stage.counts(of: segments, fixed: fixed, through: 0..<visionDepth)
    var leaving = vision.last ?? segments
    for (segment, count) in joined.enumerated() where segment < leaving.count {
      leaving[segment] = count ?? leaving[segment]
    }
    let read = leaving
    let counts = runs.enumerated().map { run, range in
      packed.map { $0(run, read[range]) } ?? (read[range].reduce(0, +), 0)
    }
    self.read = counts.map(\.0)
    text = merging.text.counts(of: self.read, fixed: counts.map(\.1), through: 0..<textDepth)
  }

  /// Groups that reach a ViT layer, `[segments]`.
  public func groups(before layer: Int) -> [Int] { layer == 0 ? segments : vision[layer - 1] }

  /// Groups that leave the ViT, `[segments]`.
  public var encoded: [Int] { vision.last ?? segments }

  /// Visual tokens that are left after the last merging layer.
  public var left: Int { (text.last ?? read).reduce(0, +) }
}
