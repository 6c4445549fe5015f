/// What one merging layer did to one segment, in the numbering of the segment's original grid.
///
/// It is made from the plan that was applied, so that pictures and counts drawn from it show what really
/// happened. Groups are numbered from the top left, row by row; `rowsPerGroup` consecutive rows form a
/// group.
public struct MergeRecord: Sendable, Equatable {
  /// The groups that entered the layer, ascending.
  public let arrived: [Int]
  /// The groups that survived the layer, ascending.
  public let kept: [Int]
  /// 1 where the rows are groups; otherwise the patches in a group (the ViT of the profile `published`).
  public let rowsPerGroup: Int
  /// `[arrived.count · rowsPerGroup]`: every row's score, in the order of `arrived`.
  public let scores: [Float]
  /// The rows that the plan itself chose, ascending. If the rows are patches, more rows survive than
  /// were chosen, because a group with one chosen patch survives whole.
  public let chosen: [Int]
  /// The rows that received others; all of them are among `chosen`.
  public let receivers: [Int]
  /// `[receivers.count]`: the number of rows that flowed into each receiver.
  public let donorCounts: [Int]
  /// The rows that flowed into the receivers, receiver after receiver.
  public let donors: [Int]
  /// The donors' weights, one per donor.
  public let weights: [Float]

  /// The record of a plan whose rows are groups.
  ///
  /// - Parameters:
  ///   - scores: `[arrived.count]`.
  ///   - arrived: the original number of each of the plan's rows.
  public init(_ plan: MergePlan, scores: [Float], arrived: [Int]) {
    let kept = plan.kept.map { arrived[$0] }
    self.init(plan, chosen: kept, kept: kept, rowsPerGroup: 1, scores: scores, arrived: arrived)
  }

  /// The record of a merge that took place.
  ///
  /// - Parameter arrived: the original number of each group of the segment.
  public init(_ merge: SegmentMerge, arrived: [Int]) {
    let kept = merge.keptGroups.map { arrived[$0] }
    let rowsPerGroup = merge.choicesPerGroup
    self.init(
      merge.plan,
      chosen: rowsPerGroup == 1
        ? kept : merge.chosen.map { Self.original($0, rowsPerGroup, arrived) },
      kept: kept, rowsPerGroup: rowsPerGroup, scores: merge.scores, arrived: arrived)
  }

  init(
    arrived: [Int], kept: [Int], rowsPerGroup: Int, scores: [Float], chosen: [Int],
    receivers: [Int], donorCounts: [Int], donors: [Int], weights: [Float]
  ) {
    self.arrived = arrived
    self.kept = kept
    self.rowsPerGroup = rowsPerGroup
    self.scores = scores
    self.chosen = chosen
    self.receivers = receivers
    self.donorCounts = donorCounts
    self.donors = donors
    self.weights = weights
  }

  private init(
    _ plan: MergePlan, chosen: [Int], kept: [Int], rowsPerGroup: Int, scores: [Float],
    arrived: [Int]
  ) {
    self.arrived = arrived
    self.kept = kept
    self.rowsPerGroup = rowsPerGroup
    self.scores = scores
    self.chosen = chosen
    receivers = plan.receivers.map { Self.original($0, rowsPerGroup, arrived) }
    donorCounts = plan.donorCounts
    donors = plan.donors.map { Self.original($0, rowsPerGroup, arrived) }
    weights = plan.weights
  }

  /// The original number of a row of the plan.
  private static func original(_ row: Int, _ rowsPerGroup: Int, _ arrived: [Int]) -> Int {
    arrived[row / rowsPerGroup] * rowsPerGroup + row % rowsPerGroup
  }

  /// The groups that were removed at this layer, ascending.
  public var givenUp: [Int] {
    var left: [Int] = []
    var next = 0
    for group in arrived {
      if next < kept.count, kept[next] == group {
        next += 1
      } else {
        left.append(group)
      }
    }
    return left
  }

  /// The groups that received others, ascending; if the rows are patches, the groups with such a patch.
  public var receivingGroups: [Int] {
    Set(receivers.map { $0 / rowsPerGroup }).sorted()
  }

  /// `[arrived.count]`: each group's score; if the rows are patches, the mean of their scores.
  public var groupScores: [Float] {
    guard rowsPerGroup > 1 else { return scores }
    return arrived.indices.map { index in
      scores[index * rowsPerGroup..<(index + 1) * rowsPerGroup].reduce(0, +) / Float(rowsPerGroup)
    }
  }
}
