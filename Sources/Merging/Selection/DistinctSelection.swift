import Compute
import Diagnostics

/// Keeps the groups least like the others: a group's score is minus its mean positive cosine to the
/// others.
struct DistinctSelection: ScoringSelection {
  func scores(
    _ groups: Candidates, keep: Int, threads: ThreadTeam
  ) throws(Failure) -> [Float] {
    let count = groups.count
    let (rows, _) = groups.directions(threads)
    let scores = try Matrix(rows: 1, columns: count)
    let others = Float(max(1, count - 1))
    try RowProducts.forEachBlock(rows, rows, threads: threads) { run, cosines in
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
