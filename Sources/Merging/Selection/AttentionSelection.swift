import Compute
import Diagnostics

/// Keeps the groups with the highest attention scores.
struct AttentionSelection: ScoringSelection {
  let attentionScore: ScoreKind?

  func scores(
    _ groups: Candidates, keep: Int, threads: ThreadTeam
  ) throws(Failure) -> [Float] {
    groups.scores
  }
}
