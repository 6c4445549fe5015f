import Compute

@preconcurrency import Glibc

/// The rotary embedding of patches: the first half of the frequencies rotates with a patch's row, the
/// second with its column (HF `rot_pos_emb`).
package struct VisionRotary: Sendable {
  /// `[headSize / 4]`: the frequencies, the same for rows and for columns.
  private let frequencies: [Float]

  /// The rotary embedding of a base.
  package init(headSize: Int, base: Float = 10_000) {
    frequencies = (0..<headSize / 4).map { powf(base, -Float(2 * $0) / Float(headSize / 2)) }
  }

  /// The angles of the patches of some segments that are computed, after those of each segment's extra
  /// rows, which are not rotated.
  func angles(_ segments: [VisionSegment], extraRows: Int = 0) -> Rotary {
    var angles: [Float] = []
    for segment in segments {
      angles += [Float](repeating: 0, count: extraRows * 2 * frequencies.count)
      for patch in 0..<segment.patches.count {
        let (row, column) = segment.grid.position(of: segment.patches[patch])
        angles += frequencies.map { Float(row) * $0 }
        angles += frequencies.map { Float(column) * $0 }
      }
    }
    return Rotary(angles: angles, half: 2 * frequencies.count)
  }
}
