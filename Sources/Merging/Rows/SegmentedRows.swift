import Compute

@preconcurrency import Glibc

/// The rows of several segments as layers merge them: the place of each segment's rows, its remaining
/// groups, and how many original groups each of those stands for.
///
/// Rows between the segments belong to none and are never merged: the text of a prompt.
public struct SegmentedRows: Sendable {
  /// The range of each segment's rows in the matrix.
  public private(set) var ranges: [Range<Int>]
  /// Each segment's surviving groups, by original number, ascending.
  public private(set) var survivors: [[Int]]
  /// Rows of the matrix in use, including those between segments.
  public private(set) var count: Int
  /// `[count]`: the logarithm of how many original groups each row's group stands for. Attention adds it
  /// to the logits of the row's key (proportional attention: ToMe, arXiv 2210.09461, eq. 1). Empty if
  /// every group stands for one.
  public private(set) var keyBias: [Float] = []

  /// For each segment, which of its groups are never removed; empty where every group may be.
  private var fixed: [[Bool]]
  /// Rows in a group.
  private let groupSize: Int
  /// For each segment, how many original groups each group stands for; empty if every group stands for
  /// one.
  private var sizes: [[Float]]

  /// Rows before any merge, or after the merges of an earlier stage.
  ///
  /// - Parameters:
  ///   - ranges: each segment's rows, ascending.
  ///   - survivors: each segment's groups by original number.
  ///   - count: all rows.
  ///   - groupSize: rows in a group.
  ///   - sizes: for each segment, how many original groups each group stands for; empty if every group
  ///     stands for one.
  ///   - fixed: for each segment, which of its groups are never removed; empty where every group may be.
  public init(
    ranges: [Range<Int>], survivors: [[Int]], count: Int, groupSize: Int = 1,
    sizes: [[Float]] = [], fixed: [[Bool]] = []
  ) {
    self.fixed = fixed.allSatisfy { !$0.contains(true) } ? [] : fixed
    self.ranges = ranges
    self.survivors = survivors
    self.count = count
    self.groupSize = groupSize
    self.sizes =
      sizes.allSatisfy(\.isEmpty)
      ? []
      : zip(survivors, sizes).map { groups, sizes in
        sizes.isEmpty ? [Float](repeating: 1, count: groups.count) : sizes
      }
    weigh()
  }

  /// The number of groups left of each segment.
  public var groups: [Int] { survivors.map(\.count) }

  /// `[groups]`: how many original groups each group of a segment stands for; empty if every group
  /// stands for one.
  public func sizes(of segment: Int) -> [Float] { sizes.isEmpty ? [] : sizes[segment] }

  /// The groups of a segment that may be removed, by index in `survivors`, ascending; `nil` for all.
  public func movable(of segment: Int) -> [Int]? {
    movesAll(of: segment) ? nil : fixed[segment].indices.filter { !fixed[segment][$0] }
  }

  /// Whether every group of a segment may be removed.
  private func movesAll(of segment: Int) -> Bool {
    segment >= fixed.count || !fixed[segment].contains(true)
  }

  /// How many groups of each segment are never removed.
  public var fixedGroups: [Int] { fixed.map { $0.count(where: \.self) } }

  /// Merges every segment as planned, and moves the surviving rows towards the start.
  ///
  /// - Parameters:
  ///   - merges: one per segment.
  ///   - rows: `[count or more, columns]`.
  ///   - features: `[groups of all segments, columns]` each; merged with the same plans.
  ///   - isWeighted: whether a receiver counts as its donors, too, from now on.
  /// - Returns: the old numbers of the surviving rows, ascending, and a record per segment.
  public mutating func merge(
    _ merges: [SegmentMerge], rows: Matrix, features: [Matrix], isWeighted: Bool
  ) -> (kept: [Int], records: [MergeRecord]) {
    if isWeighted, sizes.isEmpty {
      sizes = survivors.map { [Float](repeating: 1, count: $0.count) }
    }
    var kept: [Int] = []
    var next = 0
    var oldGroups = 0
    var newGroups = 0
    let records = zip(merges, survivors).map { MergeRecord($0, arrived: $1) }
    for (segment, merge) in merges.enumerated() {
      let range = ranges[segment]
      moveUp(next..<range.lowerBound, of: rows, to: kept.count)
      kept += next..<range.lowerBound
      let start = kept.count
      merge.apply(rows[rows: range], to: rows.view.row(start))
      let groups = survivors[segment].count
      for features in features {
        merge.apply(
          toGroups: features[rows: oldGroups..<oldGroups + groups],
          to: features.view.row(newGroups))
      }
      for group in merge.keptGroups {
        let first = range.lowerBound + group * groupSize
        kept += first..<first + groupSize
      }
      if !sizes.isEmpty {
        sizes[segment] =
          isWeighted
          ? merge.plan.sizes(after: sizes[segment])
          : merge.keptGroups.map { sizes[segment][$0] }
      }
      if !movesAll(of: segment) {
        fixed[segment] = merge.keptGroups.map { fixed[segment][$0] }
      }
      survivors[segment] = records[segment].kept
      ranges[segment] = start..<kept.count
      next = range.upperBound
      oldGroups += groups
      newGroups += merge.keptGroups.count
    }
    moveUp(next..<count, of: rows, to: kept.count)
    kept += next..<count
    count = kept.count
    weigh()
    return (kept, records)
  }

  private mutating func weigh() {
    guard !sizes.isEmpty else { return }
    keyBias = [Float](repeating: 0, count: count)
    for (range, sizes) in zip(ranges, sizes) {
      for (group, size) in sizes.enumerated() {
        let first = range.lowerBound + group * groupSize
        for row in first..<first + groupSize { keyBias[row] = logf(size) }
      }
    }
  }

  /// Moves surviving rows towards the start, over removed ones.
  private func moveUp(_ range: Range<Int>, of rows: Matrix, to start: Int) {
    guard start != range.lowerBound else { return }
    for (offset, row) in range.enumerated() {
      rows.view.row(start + offset).update(from: rows.view.row(row), count: rows.columns)
    }
  }
}
