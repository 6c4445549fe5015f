import Compute
import Diagnostics
import Options

/// A selection by one score per group: the groups with the highest scores are kept, and the mode decides
/// what happens to the others.
public protocol ScoringSelection: Selection {
  /// Scores the groups; the highest are kept.
  ///
  /// - Parameter keep: the number of groups that will be kept.
  /// - Returns: `[groups.count]`.
  /// - Throws: `compute.no-memory` when there is no memory to compare groups in.
  func scores(
    _ groups: Candidates, keep: Int, threads: ThreadTeam
  ) throws(Failure) -> [Float]
}

extension ScoringSelection {
  /// `nil`: most selections read the features only.
  public var attentionScore: ScoreKind? { nil }

  /// Keeps the groups with the highest scores.
  public func plan(
    _ groups: Candidates, keep: Int, mode: MergeMode,
    threads: ThreadTeam
  ) throws(Failure) -> (plan: MergePlan, scores: [Float]) {
    let scores = try scores(groups, keep: keep, threads: threads)
    let plan = try MergePlan.make(
      scores: scores, features: groups.features, keep: keep, mode: mode,
      sizes: groups.sizes, scratch: groups.scratch, threads: threads)
    return (plan, scores)
  }
}
