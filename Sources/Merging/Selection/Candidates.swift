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

  /// Some of the groups; their features are copied only where others lie between them.
  ///
  /// - Parameter groups: indices, ascending.
  /// - Throws: `compute.no-memory`.
  func part(_ groups: [Int]) throws(Failure) -> Candidates {
    let scratch = scratch[rows: 0..<groups.count]
    let scores = scores.isEmpty ? [] : groups.map { self.scores[$0] }
    let sizes = sizes.isEmpty ? [] : groups.map { self.sizes[$0] }
    if let first = groups.first, let last = groups.last, last - first + 1 == groups.count {
      return Candidates(
        features: features[rows: first..<last + 1], scores: scores, sizes: sizes, seed: seed,
        scratch: scratch)
    }
    let copy = try Matrix(rows: groups.count, columns: features.columns)
    for (row, group) in groups.enumerated() {
      copy.view.row(row).update(from: features.row(group), count: features.columns)
    }
    return Candidates(
      features: copy.view, scores: scores, sizes: sizes, seed: seed, scratch: scratch)
  }

  /// Every group's direction from the segment's mean, `[groups, groupSize · hidden]`, in the scratch
  /// memory; and its distance from the mean.
  func directions(_ threads: ThreadTeam) -> (rows: MatrixView, distances: [Float]) {
    (scratch, Directions.fromMean(of: features, into: scratch, threads))
  }
}
