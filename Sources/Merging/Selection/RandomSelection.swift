import Compute
import Diagnostics

/// Keeps groups by plain chance.
struct RandomSelection: ScoringSelection {
  func scores(
    _ groups: Candidates, keep: Int, threads: ThreadTeam
  ) throws(Failure) -> [Float] {
    RandomScores.make(count: groups.count, seed: groups.seed)
  }
}
