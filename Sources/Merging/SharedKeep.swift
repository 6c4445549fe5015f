/// How segments share what is kept of them all.
public enum SharedKeep {
  /// How many rows each segment keeps when the best stay wherever they are.
  ///
  /// Each segment keeps its best row; the rest goes by rank, ties to the earlier row.
  ///
  /// - Parameters:
  ///   - scores: every segment's scores, `[rows of the segment]`, comparable with each other.
  ///   - total: rows to keep, at least one of each segment and at most all.
  /// - Returns: one count per segment, which add up to `total`.
  public static func counts(_ scores: [[Float]], total: Int) -> [Int] {
    var counts = scores.map { min(1, $0.count) }
    var rivals: [(score: Float, segment: Int)] = []
    for (segment, own) in scores.enumerated() {
      let best = own.indices.max { own[$0] < own[$1] }
      for row in own.indices where row != best { rivals.append((own[row], segment)) }
    }
    let order = rivals.indices.sorted { a, b in
      rivals[a].score > rivals[b].score || (rivals[a].score == rivals[b].score && a < b)
    }
    for index in order.prefix(max(0, total - counts.reduce(0, +))) {
      counts[rivals[index].segment] += 1
    }
    return counts
  }
}
