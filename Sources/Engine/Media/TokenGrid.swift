@preconcurrency import Glibc

/// Grids of visual tokens.
public enum TokenGrid {
  /// The grid whose number of tokens is closest to the number wanted, with proportions near the old
  /// ones.
  ///
  /// - Parameters:
  ///   - down: tokens from top to bottom of the grid to shrink.
  ///   - across: its tokens from left to right.
  ///   - tokens: the number wanted.
  /// - Returns: sides of at least 1 and at most the old ones. Of equally close grids, the one whose
  ///   proportions are closer to the old ones.
  public static func shrunk(
    down: Int, across: Int, toTokens tokens: Int
  ) -> (down: Int, across: Int) {
    guard down > 0, across > 0, tokens < down * across else { return (down, across) }
    let wanted = max(1, tokens)
    let scale = (Double(wanted) / Double(down * across)).squareRoot()
    var best = (down: 1, across: 1, miss: Int.max, bend: Double.infinity)
    let ideal = Double(down) * scale
    for height in Set([ideal.rounded(.down), ideal.rounded(.up)].map { Int($0) }) {
      let height = min(down, max(1, height))
      let exact = Double(wanted) / Double(height)
      for width in Set([exact.rounded(.down), exact.rounded(.up)].map { Int($0) }) {
        let width = min(across, max(1, width))
        let miss = abs(height * width - wanted)
        let bend = abs(log(Double(height * across) / Double(width * down)))
        if miss < best.miss || (miss == best.miss && bend < best.bend) {
          best = (height, width, miss, bend)
        }
      }
    }
    return (best.down, best.across)
  }
}
