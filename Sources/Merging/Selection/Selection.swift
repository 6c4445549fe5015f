import Compute
import Diagnostics
import Options

/// Chooses which groups of one segment survive a merging layer: groups of patches in the ViT, tokens in
/// the language model.
public protocol Selection: Sendable {
  /// The attention score that the selection uses; `nil` for none.
  var attentionScore: ScoreKind? { get }

  /// Plans one segment.
  ///
  /// - Parameters:
  ///   - groups: the candidates.
  ///   - keep: groups to keep, in `1...groups.count`.
  /// - Returns: the plan over groups, and a score for each group.
  /// - Throws: `compute.no-memory` when there is no memory to compare groups in.
  func plan(
    _ groups: Candidates, keep: Int, mode: MergeMode, threads: ThreadTeam
  ) throws(Failure) -> (plan: MergePlan, scores: [Float])
}
