import Compute
import Diagnostics

/// Keeps the groups least like their neighbors: redundancy is counted within cells of a coarse grid,
/// and every cell keeps its share of what it still holds.
struct StratifiedSelection: ScoringSelection {
  /// Groups along a cell's side: 128 pixels where a group is 32.
  static let cellSide = 4

  func scores(
    _ groups: SegmentGroups, keep: Int, threads: ThreadTeam
  ) throws(Failure) -> [Float] {
    let (rows, _) = groups.directions(threads)
    let cells = groups.layout.cells(side: Self.cellSide)
    let shares = Self.shares(of: cells.map(\.count), keep: keep)
    let scores = try Matrix(rows: 1, columns: groups.count)
    threads.forEach(cells.count) { index, _ in
      let cell = cells[index]
      let worth = cell.map { group in
        let others = cell.reduce(Float(0)) { sum, other in
          guard other != group else { return sum }
          return sum
            + max(0, Vector.dot(rows.row(group), rows.row(other), count: rows.columns))
        }
        return -others / Float(max(1, cell.count - 1))
      }
      let order = MergePlan.ranking(worth)
      for (rank, place) in order.enumerated() {
        // −1…0 is lifted above all that go, so that one ranking serves every cell.
        scores.base[cell[place]] = worth[place] + (rank < shares[index] ? 2 : 0)
      }
    }
    return scores.elements
  }

  /// Divides `keep` in proportion to `counts`: whole parts first, then the largest fractions, earlier
  /// cells first (the method of largest remainders).
  static func shares(of counts: [Int], keep: Int) -> [Int] {
    let total = max(1, counts.reduce(0, +))
    var shares = counts.map { $0 * keep / total }
    let order = counts.indices.sorted { a, b in
      let (x, y) = (counts[a] * keep % total, counts[b] * keep % total)
      return x > y || (x == y && a < b)
    }
    for cell in order.prefix(max(0, keep - shares.reduce(0, +))) { shares[cell] += 1 }
    return shares
  }
}
