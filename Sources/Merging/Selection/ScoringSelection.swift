import Compute
import Diagnostics
import Options

/// A selection that comes down to one number per group: the highest stay, and the mode says what
/// becomes of the others.
public protocol ScoringSelection: Selection {
  /// Scores the groups, higher ones stay.
  ///
  /// - Parameter keep: how many of them will stay.
  /// - Returns: `[groups.count]`.
  /// - Throws: `compute.no-memory` when there is none to compare groups in.
  func scores(
    _ groups: Candidates, keep: Int, threads: ThreadTeam
  ) throws(Failure) -> [Float]
}

extension ScoringSelection {
  /// Most selections read the features only.
  public var attentionScore: ScoreKind? { nil }

  /// Keeps the highest scores.
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
