/// How images are cut into tiles (HF `GotOcr2ImageProcessorFast`, OpenGVLab's `dynamic_preprocess`).
struct InternVLTiling: Sendable, Equatable {
  /// The least tiles of an image.
  var min = 1
  /// The most tiles of an image, without the thumbnail.
  var max = 12
  /// Whether an image of several tiles is seen as a whole, too.
  var hasThumbnail = true

  /// More tiles than any release has, to bound the search and memory.
  private static let largest = 256

  /// A sentence about the first invalid value; `nil` if all are valid.
  var problem: String? {
    1...Self.largest ~= max && 1...max ~= min
      ? nil
      : "the tiles of an image must be 1 ≤ least ≤ most ≤ \(Self.largest), not \(min) and \(max)"
  }

  /// The columns and rows of tiles whose proportions are nearest to an image's. Of equally near ones the
  /// last in order of number whose pixels the image has more than half of.
  ///
  /// - Parameters:
  ///   - height: the image's pixels from top to bottom.
  ///   - width: the image's pixels from left to right.
  ///   - side: pixels along a tile's side.
  ///   - most: a limit on the tiles, below `max`.
  func tiles(height: Int, width: Int, side: Int, most: Int) -> (columns: Int, rows: Int) {
    let wanted = Double(width) / Double(Swift.max(1, height))
    let area = Double(width) * Double(height)
    let most = Swift.min(max, Swift.max(1, most))
    var best = (columns: 1, rows: 1)
    var least = Double.infinity
    for count in Swift.min(min, most)...most {
      for columns in 1...count where count.isMultiple(of: columns) {
        let rows = count / columns
        let miss = abs(wanted - Double(columns) / Double(rows))
        let isLarge = area > 0.5 * Double(side) * Double(side) * Double(columns) * Double(rows)
        if miss < least || (miss == least && isLarge) {
          least = miss
          best = (columns, rows)
        }
      }
    }
    return best
  }
}
