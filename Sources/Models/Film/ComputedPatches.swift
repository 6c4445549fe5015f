/// The patches of a segment that the image encoder computes, in order: all, or those of some groups.
struct ComputedPatches: Sendable, Equatable {
  /// The groups, ascending; `nil` for all.
  let groups: [Int]?
  /// The number of patches.
  let count: Int

  private let groupSize: Int

  /// All patches of a grid, or those of some of its groups.
  init(of grid: PatchGrid, groups: [Int]? = nil) {
    self.groups = groups
    let size = grid.mergeSize * grid.mergeSize
    groupSize = size
    count = groups.map { $0.count * size } ?? grid.patches
  }

  /// The number of the patch at an index.
  subscript(index: Int) -> Int {
    guard let groups else { return index }
    return groups[index / groupSize] * groupSize + index % groupSize
  }
}
