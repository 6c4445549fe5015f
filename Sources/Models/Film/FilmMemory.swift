import Compute
import Diagnostics
import Merging

/// What an image encoder remembers of a film from frame to frame: the keys and values of every row in every
/// layer, as they were when the row was last computed.
final class FilmMemory {
  /// The number of merging layers before each layer: layers with the same number have the same rows.
  let stages: [Int]
  /// The rows between two merging layers, and after the last.
  var rows: [FilmRows]
  /// The keys and values of each layer.
  let layers: [KeptRows]
  /// For each segment of the film, how many groups each of its tokens has stood for in all frames.
  var sizes: [Int: [Float]] = [:]
  /// The tokens that were computed for each segment.
  var tokens: [Int: EncodedSegment] = [:]

  /// Memory for one film.
  ///
  /// - Parameter computed: how many groups are computed for each of its segments.
  /// - Throws: `compute.no-memory`.
  init(
    _ shape: VisionShape, _ merging: ResolvedMerging, groups: Int, computed: [Int],
    elementType: ElementType
  ) throws(Failure) {
    stages = Self.stages(shape, merging)
    rows = Array(repeating: FilmRows(), count: merging.vision.layers.count + 1)
    var layers: [KeptRows] = []
    for rows in Self.rows(shape, merging, groups: groups, computed: computed) {
      layers.append(
        try KeptRows(rows: rows, columns: 2 * shape.hiddenSize, elementType: elementType))
    }
    self.layers = layers
  }

  /// The number of merging layers before each layer.
  private static func stages(_ shape: VisionShape, _ merging: ResolvedMerging) -> [Int] {
    (0..<shape.depth).map { layer in merging.vision.layers.count { $0 < layer } }
  }

  /// The most groups of every frame after `stage` merging layers.
  static func most(
    _ merging: ResolvedMerging, stage: Int, groups: Int, computed: [Int]
  ) -> [Int] {
    FilmRows.most(groups: groups, computed: computed) { count in
      (0..<stage).reduce(count) { left, _ in left == 0 ? 0 : merging.vision.kept(of: left) }
    }
  }

  /// The rows that each layer keeps.
  private static func rows(
    _ shape: VisionShape, _ merging: ResolvedMerging, groups: Int, computed: [Int]
  ) -> [Int] {
    let most = (0...merging.vision.layers.count).map {
      Self.most(merging, stage: $0, groups: groups, computed: computed).max() ?? 0
    }
    return stages(shape, merging).map { most[$0] * shape.groupSize + shape.extraRows }
  }

  /// The bytes that one film takes, with the rows that its attention reads.
  static func bytes(
    _ shape: VisionShape, _ merging: ResolvedMerging, groups: Int, computed: [Int],
    elementType: ElementType
  ) -> Int {
    let rows = rows(shape, merging, groups: groups, computed: computed)
    return rows.reduce(0) {
      $0
        + KeptRows.bytes(rows: $1, columns: 2 * shape.hiddenSize, elementType: elementType)
    } + Matrix.bytes(rows: rows.max() ?? 0, columns: 2 * shape.hiddenSize)
  }
}
