import Compute
import Diagnostics

/// Keeps the groups that attention says most about.
struct AttentionSelection: ScoringSelection {
  let patchScore: ScoreKind?

  func scores(
    _ groups: SegmentGroups, keep: Int, threads: ThreadTeam
  ) throws(Failure) -> [Float] {
    groups.scores
  }
}
