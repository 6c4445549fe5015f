import Merging

/// The scores of one segment at one merging layer, as ranks.
///
/// Attention scores are so uneven that a few groups would take up the whole scale. Ranks show the order,
/// which decides what is kept.
struct ScoreRanks: Sendable, Equatable {
  /// `[groups]`: 0 for the lowest score and 1 for the highest; `nil` for groups removed before.
  let shares: [Double?]

  init(groups: Int, record: MergeRecord) {
    var shares = [Double?](repeating: nil, count: groups)
    let scores = record.groupScores
    let order = scores.indices.sorted { scores[$0] < scores[$1] }
    let top = Double(max(1, order.count - 1))
    var first = 0
    while first < order.count {
      // Equal scores share their mean rank.
      var end = first + 1
      while end < order.count, scores[order[end]] == scores[order[first]] { end += 1 }
      let rank = Double(first + end - 1) / 2
      for index in order[first..<end] where shares.indices.contains(record.arrived[index]) {
        shares[record.arrived[index]] = order.count == 1 ? 1 : rank / top
      }
      first = end
    }
    self.shares = shares
  }
}
