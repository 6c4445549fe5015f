import Compute

@preconcurrency import Glibc

/// The rows of several segments on their way through layers that merge them: where each segment's rows
/// are, which groups are left of it, and how many groups each of those stands for.
///
/// Rows between the segments belong to nobody and stay: the text of a prompt.
public struct SegmentedRows: Sendable {
  /// Each segment's rows of the matrix.
  public private(set) var ranges: [Range<Int>]
  /// Each segment's surviving groups, by original number, ascending.
  public private(set) var survivors: [[Int]]
  /// Rows of the matrix in use, those between segments included.
  public private(set) var count: Int
  /// `[count]`: the logarithm of how many groups each row's group stands for, which attention adds to
  /// the logits of its key (proportional attention: ToMe, arXiv 2210.09461, eq. 1); empty where every
  /// group stands for itself.
  public private(set) var keyBias: [Float] = []

  /// Rows in a group.
  private let groupSize: Int
  /// Each segment's groups: how many original ones each stands for; empty where each is itself.
  private var sizes: [[Float]]

  /// Rows that are all still there, or that an earlier stage has merged.
  ///
  /// - Parameters:
  ///   - ranges: each segment's rows, ascending.
  ///   - survivors: each segment's groups by original number.
  ///   - count: all rows.
  ///   - groupSize: rows in a group.
  ///   - sizes: how many original groups each group stands for, per segment; empty where each is
  ///     itself.
  public init(
    ranges: [Range<Int>], survivors: [[Int]], count: Int, groupSize: Int = 1,
    sizes: [[Float]] = []
  ) {
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

  /// Groups left of each segment.
  public var groups: [Int] { survivors.map(\.count) }

  /// `[groups]`: how many original groups each of a segment's groups stands for; empty where each is
  /// itself.
  public func sizes(of segment: Int) -> [Float] { sizes.isEmpty ? [] : sizes[segment] }

  /// Merges every segment as planned, and moves all rows that stay towards the start.
  ///
  /// - Parameters:
  ///   - merges: one per segment.
  ///   - rows: `[count or more, columns]`.
  ///   - features: `[groups of all segments, columns]` each: what is merged along.
  ///   - isWeighted: whether a receiver stands for its donors from now on.
  /// - Returns: the rows that stayed, by their old number, ascending; and what happened.
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

  /// Moves rows that stay towards the start, over those that left.
  private func moveUp(_ range: Range<Int>, of rows: Matrix, to start: Int) {
    guard start != range.lowerBound else { return }
    for (offset, row) in range.enumerated() {
      rows.view.row(start + offset).update(from: rows.view.row(row), count: rows.columns)
    }
  }
}
