import Compute
import Diagnostics
import Options

/// Bipartite soft matching (ToMe, arXiv 2210.09461): the groups alternate between two sets, each group
/// of the first set is matched with the most similar one of the second, and the most similar pairs are
/// averaged.
///
/// One round can at most halve the number of groups; where more have to go, further rounds match the
/// means. Mode 1 drops the matched groups instead of averaging them. Similarity is the cosine of
/// centered hidden states, where ToMe uses the attention's keys.
struct BipartiteSelection: Selection {
  var attentionScore: ScoreKind? { nil }

  func plan(
    _ groups: Candidates, keep: Int, mode: MergeMode,
    threads: ThreadTeam
  ) throws(Failure) -> (plan: MergePlan, scores: [Float]) {
    let (rows, _) = groups.directions(threads)
    var clusters = (0..<groups.count).map { [$0] }
    var scores = [Float](repeating: 0, count: groups.count)
    while clusters.count > max(1, keep) {
      let live = rows[rows: 0..<clusters.count]
      let matches = try Self.match(live, threads)
      if clusters.count == groups.count {
        for (index, match) in matches.enumerated() { scores[2 * index] = -match.cosine }
      }
      let order = MergePlan.ranking(matches.map(\.cosine))
      let removed = min(clusters.count - keep, clusters.count / 2)
      var leaves = [Bool](repeating: false, count: clusters.count)
      for match in order.prefix(removed).sorted() {
        let (giver, receiver) = (2 * match, matches[match].partner)
        Self.join(
          live.row(giver), clusters[giver].count, into: live.row(receiver),
          clusters[receiver].count, columns: live.columns)
        clusters[receiver] += clusters[giver]
        leaves[giver] = true
      }
      let staying = clusters.indices.filter { !leaves[$0] }
      for (target, source) in staying.enumerated() where target != source {
        live.row(target).update(from: live.row(source), count: live.columns)
      }
      clusters = staying.map { clusters[$0] }
    }
    return mode == .drop
      ? (MergePlan(kept: clusters.map { $0[0] }), scores)
      : (MergePlan(averaging: clusters, sizes: mode.isWeighted ? groups.sizes : []), scores)
  }

  /// For every even row, the most similar odd row, the first of equals.
  private static func match(
    _ rows: MatrixView, _ threads: ThreadTeam
  ) throws(Failure) -> [(partner: Int, cosine: Float)] {
    let (evens, odds) = ((rows.rows + 1) / 2, rows.rows / 2)
    func everyOther(_ first: Int, _ count: Int) -> MatrixView {
      MatrixView(
        base: rows.row(first), rows: count, columns: rows.columns, stride: 2 * rows.stride)
    }
    let best = try Matrix(rows: 2, columns: evens)
    // The pointers do not keep the memory alive.
    defer { withExtendedLifetime(best) {} }
    let (partners, cosines) = (best.view.row(0), best.view.row(1))
    try RowProducts.forEachBlock(everyOther(0, evens), everyOther(1, odds), threads: threads) {
      run, products in
      for (offset, even) in run.enumerated() {
        let own = products.row(offset)
        var top = 0
        for odd in 1..<max(1, odds) where own[odd] > own[top] { top = odd }
        // Exact: there are far fewer groups than an f32 can count.
        partners[even] = Float(2 * top + 1)
        cosines[even] = own[top]
      }
    }
    return (0..<evens).map { (Int(partners[$0]), cosines[$0]) }
  }

  /// The direction of the mean of two clusters, weighted by the number of groups in each.
  private static func join(
    _ giver: UnsafeMutablePointer<Float>, _ givers: Int,
    into receiver: UnsafeMutablePointer<Float>, _ receivers: Int, columns: Int
  ) {
    Vector.add(giver, times: Float(givers) / Float(receivers), to: receiver, count: columns)
    let square = Vector.dot(receiver, receiver, count: columns)
    let zero = [Float](repeating: 0, count: columns)
    Vector.addAndScale(
      zero, by: square > 0 ? 1 / square.squareRoot() : 0, to: receiver, count: columns)
  }
}
