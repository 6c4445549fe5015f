import Compute
import Diagnostics

/// Chooses which groups of one segment survive a merging layer of the ViT.
public protocol VisionSelection: Sendable {
  /// What attention has to tell about patches; `nil` where it need not tell anything.
  var patchScore: ScoreKind? { get }

  /// Plans one segment.
  ///
  /// - Parameters:
  ///   - groups: what there is to choose from.
  ///   - keep: groups to keep, in `1...groups.count`.
  /// - Returns: the plan over groups, and the score that stands for each group's worth.
  /// - Throws: `compute.no-memory` when there is none to compare groups in.
  func plan(
    _ groups: SegmentGroups, keep: Int, mode: MergeMode,
    threads: ThreadTeam
  ) throws(Failure) -> (plan: MergePlan, scores: [Float])
}
