import Compute
import Merging
import Testing

@Suite("The record of a merge")
struct MergeRecordTests {
  private func features(_ rows: Int, _ columns: Int) throws -> Matrix {
    let matrix = try Matrix(rows: rows, columns: columns)
    for row in 0..<rows {
      for column in 0..<columns {
        matrix.view.row(row)[column] = Float((row * 7 + column * 3) % 5)
      }
    }
    return matrix
  }

  @Test("rows of a plan are numbered as in the original grid")
  func numbering() throws {
    let arrived = [2, 3, 5, 7, 11, 13]
    let scores: [Float] = [0.5, 0.1, 0.9, 0.2, 0.8, 0.3]
    let rows = try features(6, 4)
    let plan = try MergePlan.make(
      scores: scores, features: rows.view, keep: 4, mode: .recycle,
      scratch: rows.view, threads: ThreadTeam(count: 1))
    let record = MergeRecord(plan, scores: scores, arrived: arrived)
    // Kept by score: 5, 11, 2, 13; the last of them receives 7 and 3.
    #expect(record.kept == [2, 5, 11, 13])
    #expect(record.chosen == record.kept)
    #expect(record.givenUp == [3, 7])
    #expect(record.receivers == [13] && record.receivingGroups == [13])
    #expect(Set(record.donors) == [3, 7])
    #expect(record.donorCounts == [2])
    #expect(abs(record.weights.reduce(0, +) - 1) < 1e-5)
    #expect(record.scores == scores && record.groupScores == scores)
  }

  @Test("over patches, groups with a chosen patch stay whole and patches keep their numbers")
  func patches() throws {
    // Two groups of four patches; all patches of the second but one score higher.
    let scores: [Float] = [0.1, 0.2, 0.3, 0.4, 0.9, 0.8, 0.7, 0.05]
    let rows = try features(8, 4)
    var parameters = MergeParameters(profile: .published)
    parameters.visionRetention = .share(0.5)
    let merging = try parameters.resolved(visionDepth: 27, textDepth: 36, deepStackLayers: [])
    let scratch = try features(8, 4)
    defer { withExtendedLifetime((rows, scratch)) {} }
    let merge = try SegmentMerge(
      patchScores: scores, patches: rows.view, scratch: scratch.view, groupSize: 4,
      seed: 0, merging: merging, threads: ThreadTeam(count: 1))
    let record = MergeRecord(merge, arrived: [6, 9])
    #expect(record.rowsPerGroup == 4)
    #expect(record.kept == [6, 9])
    #expect(record.chosen == [27, 36, 37, 38])
    #expect(record.receivers == [27] && record.receivingGroups == [6])
    #expect(Set(record.donors) == [24, 25, 26, 39])
    #expect(record.givenUp.isEmpty)
    #expect(abs(record.groupScores[0] - 0.25) < 1e-6)
  }

  @Test("a step counts what its records hold")
  func counts() throws {
    let rows = try features(6, 4)
    let scores: [Float] = [6, 5, 4, 3, 2, 1]
    let records = try [5, 2].map { keep in
      let plan = try MergePlan.make(
        scores: scores, features: rows.view, keep: keep, mode: .drop,
        scratch: rows.view, threads: ThreadTeam(count: 1))
      return MergeRecord(plan, scores: scores, arrived: Array(0..<6))
    }
    let step = MergeStep(stage: .text, layer: 3, segments: records)
    #expect(step.before == [6, 6])
    #expect(step.after == [5, 2])
  }
}
