import Compute
import Diagnostics

/// Greedy farthest-point selection: starts with the group farthest from the mean, then repeatedly takes
/// the group whose highest cosine to those already taken is lowest.
struct DiverseSelection: ScoringSelection {
  /// Up to this many groups, all cosines are computed at once (16 MiB); beyond, one row per group taken.
  static let tabledGroups = 2048

  func scores(
    _ groups: Candidates, keep: Int, threads: ThreadTeam
  ) throws(Failure) -> [Float] {
    let count = groups.count
    let (rows, distances) = groups.directions(threads)
    let isTabled = count <= Self.tabledGroups
    let table = try Matrix(rows: isTabled ? count : 1, columns: count)
    // Pointers into the table do not keep it alive.
    defer { withExtendedLifetime(table) {} }
    if isTabled {
      try RowProducts.forEachBlock(rows, rows, threads: threads) { run, cosines in
        table[rows: run].copy(from: cosines)
      }
    }
    var nearest = [Float](repeating: -.infinity, count: count)
    var scores = [Float](repeating: 0, count: count)
    var taken = [Bool](repeating: false, count: count)
    var next = distances.indices.max { distances[$0] < distances[$1] }.map { farthest in
      distances.firstIndex(of: distances[farthest]) ?? farthest
    }
    for turn in 0..<keep {
      guard let group = next else { break }
      taken[group] = true
      // The group taken first gets the highest score, and all groups taken score above the rest.
      scores[group] = Float(count - turn)
      if !isTabled {
        RowProducts.apply(rows, with: rows.row(group), to: table.base, threads: threads)
      }
      let cosines = table.view.row(isTabled ? group : 0)
      next = nil
      var lowest = Float.infinity
      for other in 0..<count where !taken[other] {
        nearest[other] = max(nearest[other], cosines[other])
        if nearest[other] < lowest { (lowest, next) = (nearest[other], other) }
      }
    }
    for group in 0..<count where !taken[group] { scores[group] = -1 - nearest[group] }
    return scores
  }
}
