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
    let count = groups.count
    let (rows, _) = groups.directions(threads)
    let scores = try Matrix(rows: 1, columns: count)
    let others = Float(max(1, count - 1))
    try RowProducts.forEachBlock(rows, rows, threads: threads) { run, cosines in
      for (offset, group) in run.enumerated() {
        let own = cosines.row(offset)
        own[group] = 0
        var sum: Float = 0
        for other in 0..<count { sum += max(0, own[other]) }
        scores.base[group] = -sum / others
      }
    }
    return scores.elements
  }
}
