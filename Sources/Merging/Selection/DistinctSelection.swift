import Compute
import Diagnostics

/// Keeps the groups least like the others: a score is minus the mean positive cosine to the rest.
public struct DistinctSelection: ScoringSelection {
  /// The selection.
  public init() {}

  /// Every group's score, `[groups]`; higher is less like the others.
  ///
  /// - Throws: `compute.no-memory` when there is none for the cosines.
  public func scores(
    _ groups: SegmentGroups, keep: Int, threads: ThreadTeam
  ) throws(Failure) -> [Float] {
    try scores(of: groups.features, scratch: groups.scratch, threads: threads)
  }

  /// Every row's score, `[rows]`; higher is less like the others.
  ///
  /// - Parameters:
  ///   - features: `[rows, columns]`.
  ///   - scratch: memory of the same extents, whose contents are lost; may be that of the features.
  /// - Throws: `compute.no-memory` when there is none for the cosines.
  public func scores(
    of features: MatrixView, scratch: MatrixView, threads: ThreadTeam
  ) throws(Failure) -> [Float] {
    let count = features.rows
    _ = Directions.fromMean(of: features, into: scratch, threads)
    let scores = try Matrix(rows: 1, columns: count)
    let others = Float(max(1, count - 1))
    try RowProducts.forEachBlock(scratch, scratch, threads: threads) { run, cosines in
      for (offset, row) in run.enumerated() {
        let own = cosines.row(offset)
        own[row] = 0
        var sum: Float = 0
        for other in 0..<count { sum += max(0, own[other]) }
        scores.base[row] = -sum / others
      }
    }
    return scores.elements
  }
}
