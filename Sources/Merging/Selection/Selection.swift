import Compute
import Diagnostics
import Options

/// Chooses which groups of one segment survive a merging layer: in the ViT groups of patches, in the
/// language model tokens.
public protocol Selection: Sendable {
  /// What attention has to tell about rows; `nil` where it need not tell anything.
  var attentionScore: ScoreKind? { get }

  /// Plans one segment.
  ///
  /// - Parameters:
  ///   - groups: what there is to choose from.
  ///   - keep: groups to keep, in `1...groups.count`.
  /// - Returns: the plan over groups, and the score that stands for each group's worth.
  /// - Throws: `compute.no-memory` when there is none to compare groups in.
  func plan(
    _ groups: Candidates, keep: Int, mode: MergeMode, threads: ThreadTeam
  ) throws(Failure) -> (plan: MergePlan, scores: [Float])
}
