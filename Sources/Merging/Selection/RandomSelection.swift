import Compute
import Diagnostics

/// Keeps random groups.
struct RandomSelection: ScoringSelection {
  func scores(
    _ groups: Candidates, keep: Int, threads: ThreadTeam
  ) throws(Failure) -> [Float] {
    RandomScores.make(count: groups.count, seed: groups.seed)
  }
}
