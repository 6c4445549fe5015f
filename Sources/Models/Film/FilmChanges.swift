import Compute
import Media
import Merging

/// What changes from frame to frame of a film, group by group.
struct FilmChanges {
  /// The images of each segment: one, or as many as a patch is deep.
  let frames: [[RGBImage]]
  /// The part of them that is looked at, the same in all segments.
  let view: View
  /// Pixels along a patch's side.
  let patchSize: Int

  private var grid: PatchGrid { view.grid }
  private var groupSize: Int { grid.mergeSize * grid.mergeSize }

  /// The groups of each segment that are computed: `nil` for all of them.
  func computed(_ reuse: FilmReuse) -> [[Int]?] {
    let threshold = Float(reuse.threshold) + (reuse.measuresNoise ? noise : 0)
    // The segment in which each group was last computed.
    var last = [Int](repeating: 0, count: grid.groups)
    var result: [[Int]?] = [nil]
    var changedArea = 0
    var sinceWhole = 0
    for segment in frames.indices.dropFirst() {
      var isChanged = last.indices.map { difference(of: $0, segment, last[$0]) > threshold }
      sinceWhole += 1
      changedArea += isChanged.count(where: \.self)
      for _ in 0..<reuse.margin { isChanged = widened(isChanged) }
      let changed = isChanged.indices.filter { isChanged[$0] }
      let isWhole =
        Double(changed.count) > FilmReuse.mostChanged * Double(grid.groups)
        || Double(changedArea) > reuse.area * Double(grid.groups)
        || (reuse.refresh > 0 && sinceWhole >= reuse.refresh)
      if isWhole { (sinceWhole, changedArea) = (0, 0) }
      for group in isWhole ? Array(last.indices) : changed { last[group] = segment }
      result.append(isWhole ? nil : changed)
    }
    return result
  }

  /// The difference between two pairs in a place where nothing moves: a low quantile of all patches', of up
  /// to 16 pairs of neighbors.
  var noise: Float {
    let step = max(1, (frames.count - 1) / 16)
    var differences: [Float] = []
    for segment in stride(from: 1, to: frames.count, by: step) {
      differences += (0..<grid.groups).map { difference(of: $0, segment, segment - 1) }
    }
    guard !differences.isEmpty else { return 0 }
    differences.sort()
    return min(Float(FilmReuse.mostNoise), differences[differences.count / 5])
  }

  /// The largest mean difference of a group's patches in any of their frames, as a share of the distance
  /// from black to white.
  private func difference(of group: Int, _ a: Int, _ b: Int) -> Float {
    var largest = 0
    for patch in group * groupSize..<(group + 1) * groupSize {
      let place = grid.position(of: patch)
      for frame in 0..<max(frames[a].count, frames[b].count) {
        let one = frames[a][min(frame, frames[a].count - 1)]
        let other = frames[b][min(frame, frames[b].count - 1)]
        let top = view.y + place.row * patchSize
        largest = max(
          largest,
          PixelDifference.sum(
            one.pixels, other.pixels,
            start: (top * one.width + view.x + place.column * patchSize) * 3,
            count: 3 * patchSize, lines: patchSize, stride: one.width * 3))
      }
    }
    return Float(largest) / Float(3 * patchSize * patchSize * 255)
  }

  /// These groups and the eight around each of them.
  private func widened(_ isChanged: [Bool]) -> [Bool] {
    let (down, across) = (grid.groupsDown, grid.groupsAcross)
    var result = isChanged
    for group in isChanged.indices where isChanged[group] {
      let (row, column) = group.quotientAndRemainder(dividingBy: across)
      for y in max(0, row - 1)...min(down - 1, row + 1) {
        for x in max(0, column - 1)...min(across - 1, column + 1) { result[y * across + x] = true }
      }
    }
    return result
  }
}
