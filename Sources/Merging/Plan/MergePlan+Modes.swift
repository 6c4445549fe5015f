import Compute
import Diagnostics
import Options

@preconcurrency import Glibc

extension MergePlan {
  /// In mode 3, the share of the kept rows that receive (the authors' constant).
  private static let receivingShare = 0.05
  /// In mode 3, the most rows that flow into one receiver (the authors' constant).
  private static let maxDonors = 5

  /// Plans one segment.
  ///
  /// - Parameters:
  ///   - scores: `[rows]`; the highest are kept.
  ///   - features: `[rows, d]`, all features of each row; only read by `recycle` and `absorb`.
  ///   - keep: rows to keep, in `1...rows`.
  ///   - sizes: `[rows]`, how many original rows each row stands for; only read by `absorb`; empty if
  ///     every row stands for one.
  ///   - scratch: memory of the same extents as `features`; only used by `absorb`.
  /// - Throws: `compute.no-memory` when there is no memory to compare rows in.
  public static func make(
    scores: [Float], features: MatrixView, keep: Int, mode: MergeMode,
    sizes: [Float] = [], scratch: MatrixView, threads: ThreadTeam
  ) throws(Failure) -> MergePlan {
    switch mode {
    case .drop: return MergePlan(kept: ranking(scores).prefix(keep).sorted())
    case .shiftMerge: return shiftMerge(rows: scores.count, keep: keep)
    case .recycle: return recycle(scores, features, keep: keep)
    case .absorb:
      return try absorb(
        scores, features, keep: keep, sizes: sizes, scratch: scratch, threads: threads)
    }
  }

  /// Row indices sorted by score, highest first; ties go to the lower index.
  static func ranking(_ scores: [Float]) -> [Int] {
    scores.indices.sorted { a, b in scores[a] > scores[b] || (scores[a] == scores[b] && a < b) }
  }

  /// The plan of mode 2, which averages the last row into the one before it, again and again. This is
  /// linear, too: the last kept row becomes `f₀/2 + f₁/4 + f₂/8 + … + f_R/2^R`, with the last two
  /// weights equal. Written as a receiving row `(f₀ + Σ w f)/2`, the weights are `w = 1/2, 1/4, …,
  /// 1/2^(R−1), 1/2^(R−1)`.
  private static func shiftMerge(rows: Int, keep: Int) -> MergePlan {
    let removed = rows - keep
    guard removed > 0 else { return MergePlan(kept: Array(0..<rows)) }
    let weights = (1...removed).map { exp2f(-Float(min($0, removed - 1))) }
    return MergePlan(
      kept: Array(0..<keep), receivers: [keep - 1], donors: Array(keep..<rows), weights: weights)
  }

  private static func recycle(
    _ scores: [Float], _ features: MatrixView, keep: Int
  ) -> MergePlan {
    let order = ranking(scores)
    let kept = order.prefix(keep).sorted()
    let redundant = Array(order[keep...])
    guard !redundant.isEmpty else { return MergePlan(kept: kept) }
    let share = (Double(keep) * receivingShare).rounded(.toNearestOrEven)
    let receiverCount = min(keep, max(1, Int(share)))
    let receivers = Array(order[keep - receiverCount..<keep])
    let perRow = min(maxDonors, redundant.count)
    var donors: [Int] = []
    var weights: [Float] = []
    for receiver in receivers {
      let similarities = redundant.map {
        Vector.dot(features.row(receiver), features.row($0), count: features.columns)
      }
      let best = ranking(similarities).prefix(perRow)
      donors += best.map { redundant[$0] }
      weights += softmax(
        best.map { similarities[$0] / Float(features.columns).squareRoot() })
    }
    return MergePlan(kept: kept, receivers: receivers, donors: donors, weights: weights)
  }

  /// The plan of mode 4: every removed row is averaged into the survivor with the highest cosine, the
  /// first of equals. Cosines are of directions from the mean of all rows.
  private static func absorb(
    _ scores: [Float], _ features: MatrixView, keep: Int, sizes: [Float], scratch: MatrixView,
    threads: ThreadTeam
  ) throws(Failure) -> MergePlan {
    let order = ranking(scores)
    let kept = order.prefix(keep).sorted()
    let leaving = order.dropFirst(keep).sorted()
    guard !leaving.isEmpty, !kept.isEmpty else { return MergePlan(kept: kept) }
    _ = Directions.fromMean(of: features, into: scratch, threads)
    let leaves = Set(leaving)
    let nearest = try Matrix(rows: 1, columns: features.rows)
    defer { withExtendedLifetime(nearest) {} }
    let targets = nearest.view.row(0)
    try RowProducts.forEachBlock(scratch, scratch, threads: threads) { run, cosines in
      for (offset, row) in run.enumerated() where leaves.contains(row) {
        let own = cosines.row(offset)
        var best = 0
        for index in kept.indices where own[kept[index]] > own[kept[best]] { best = index }
        // Exact: there are far fewer rows than an f32 can count.
        targets[row] = Float(best)
      }
    }
    var clusters = kept.map { [$0] }
    for row in leaving { clusters[Int(targets[row])].append(row) }
    return MergePlan(averaging: clusters, sizes: sizes)
  }

  private static func softmax(_ logits: [Float]) -> [Float] {
    let top = logits.max() ?? 0
    let exponentials = logits.map { expf($0 - top) }
    let sum = exponentials.reduce(0, +)
    return exponentials.map { $0 / sum }
  }
}
