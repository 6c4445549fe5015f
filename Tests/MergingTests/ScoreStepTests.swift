import Compute
import Merging
import Options
import Testing

@Suite("Scores in steps")
struct ScoreStepTests {
  private func kept(_ scores: [Float], step: Float?) throws -> [Int] {
    let patches = try Matrix(rows: scores.count, columns: 3)
    let scratch = try Matrix(rows: scores.count, columns: 3)
    defer { withExtendedLifetime((patches, scratch)) {} }
    let stage = MergeStage(.vision, layers: [0], retention: .share(0.5), mode: .drop)
    return try SegmentMerge(
      patchScores: scores, patches: patches.view, scratch: scratch.view, groupSize: 2,
      scoreStep: step, seed: 0,
      merging: ResolvedMerging(
        profile: .exact, vision: stage,
        text: MergeStage(.text, layers: [], retention: .share(1), mode: .drop), notes: []),
      threads: ThreadTeam(count: 1)
    ).keptGroups
  }

  @Test("rounding noise does not choose between groups, a real difference does")
  func noise() throws {
    let step: Float = 1 / 65_536
    // Four groups of two patches; the first two differ in the seventh digit.
    let noisy: [Float] = [1, 0.9999999, 1, 1.0000002, 0.5, 0.5, 1.5, 1.5]
    #expect(try kept(noisy, step: nil) == [1, 3])
    #expect(try kept(noisy, step: step) == [0, 3])
    let apart: [Float] = [1, 1, 1 + step, 1 + step, 0.5, 0.5, 1.5, 1.5]
    #expect(try kept(apart, step: step) == [1, 3])
  }
}
