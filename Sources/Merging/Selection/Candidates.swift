import Compute
import Diagnostics

/// The groups of one segment at one merging layer, the input of a selection. In the language model a
/// group is one token.
public struct Candidates: Sendable {
  /// `[groups, groupSize · hidden]`: the hidden states of a group's rows, one after the other.
  public let features: MatrixView
  /// `[groups]`: the attention scores; empty where the selection uses none.
  public let scores: [Float]
  /// `[groups]`: how many original groups each group stands for; empty if every group stands for one.
  public let sizes: [Float]
  /// The seed of this segment and layer.
  public let seed: UInt64
  /// `[groups, groupSize · hidden]`: scratch memory.
  let scratch: MatrixView

  /// Groups from their parts.
  ///
  /// - Parameter scratch: memory of the same extents as `features`; overwritten.
  public init(
    features: MatrixView, scores: [Float], sizes: [Float] = [], seed: UInt64,
    scratch: MatrixView
  ) {
    self.features = features
    self.scores = scores
    self.sizes = sizes
    self.seed = seed
    self.scratch = scratch
  }

  /// Each group's score: the mean of its patches' scores.
  ///
  /// - Parameters:
  ///   - patchScores: `[groups · groupSize]`, or empty.
  ///   - step: what the means are rounded to a multiple of, halves to even; `nil` for no rounding.
  /// - Returns: `[groups]`, or empty.
  static func mean(_ patchScores: [Float], groupSize: Int, step: Float? = nil) -> [Float] {
    (0..<patchScores.count / groupSize).map { group in
      let sum = patchScores[group * groupSize..<(group + 1) * groupSize].reduce(0, +)
      let mean = sum / Float(groupSize)
      return step.map { (mean / $0).rounded(.toNearestOrEven) * $0 } ?? mean
    }
  }

  /// The number of groups.
  public var count: Int { features.rows }

  /// Every group's direction from the segment's mean, `[groups, groupSize · hidden]`, in the scratch
  /// memory; and its distance from the mean.
  func directions(_ threads: ThreadTeam) -> (rows: MatrixView, distances: [Float]) {
    (scratch, Directions.fromMean(of: features, into: scratch, threads))
  }
}
