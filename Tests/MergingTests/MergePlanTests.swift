import Compute
import Merging
import Testing

@Suite("Merge plans")
struct MergePlanTests {
  /// `[rows, 2]` with easily followed numbers.
  private func features(_ values: [Float]) throws -> Matrix {
    let matrix = try Matrix(rows: values.count / 2, columns: 2)
    matrix.base.update(from: values, count: values.count)
    return matrix
  }

  @Test("drop keeps the highest scores in their old order, ties by lower index")
  func drop() throws {
    let rows = try features([0, 0, 1, 1, 2, 2, 3, 3])
    let plan = MergePlan.make(
      scores: [0.5, 0.9, 0.5, 0.7], features: rows.view, keep: 3, mode: .drop,
      recycling: MergePlan.Recycling())
    #expect(plan.kept == [0, 1, 3])
    plan.apply(rows.view, to: rows.base)
    #expect(Array(rows.elements.prefix(6)) == [0, 0, 1, 1, 3, 3])
  }

  @Test("shift-merge folds the end into the last kept row, whatever the scores")
  func shiftMerge() throws {
    let rows = try features([8, 0, 16, 2, 32, 4, 64, 8, 128, 16])
    let plan = MergePlan.make(
      scores: [0, 9, 1, 8, 2], features: rows.view, keep: 2, mode: .shiftMerge,
      recycling: MergePlan.Recycling())
    plan.apply(rows.view, to: rows.base)
    // (16 + (32 + (64 + 128) / 2) / 2) / 2 = 40
    #expect(Array(rows.elements.prefix(4)) == [8, 0, 40, 5])
  }

  @Test("recycling moves the most similar redundant rows into the last of the kept")
  func recycle() throws {
    // Row 2 receives (the lowest of the kept); rows 0 and 3 are redundant. Its dot products with
    // them are 2 and 0, so the weights are softmax([2, 0] / √2).
    let rows = try features([2, 0, 9, 9, 1, 0, 0, 4])
    let plan = MergePlan.make(
      scores: [0.1, 0.9, 0.5, 0.2], features: rows.view, keep: 2, mode: .recycle,
      recycling: MergePlan.Recycling(ratio: 0.05, top: 5))
    #expect(plan.kept == [1, 2])
    #expect(plan.recycled == [2])
    #expect(Set(plan.donors) == [0, 3])
    let first: Float = 0.804429  // 1 / (1 + exp(−√2))
    #expect(abs((plan.weights.max() ?? 0) - first) < 1e-5)
    plan.apply(rows.view, to: rows.base)
    let result = rows.elements
    #expect(Array(result.prefix(2)) == [9, 9])
    #expect(abs(result[2] - (1 + 2 * first) / 2) < 1e-5)
    #expect(abs(result[3] - (4 * (1 - first)) / 2) < 1e-5)
  }

  @Test("nothing changes when every row is kept", arguments: MergeMode.allCases)
  func allKept(_ mode: MergeMode) throws {
    let values = numbers(24)
    let rows = try features(values)
    let plan = MergePlan.make(
      scores: numbers(12), features: rows.view, keep: 12, mode: mode,
      recycling: MergePlan.Recycling())
    plan.apply(rows.view, to: rows.base)
    #expect(plan.kept == Array(0..<12))
    #expect(rows.elements == values)
  }

  @Test("groups survive by the mean of their patches, exactly as many as asked")
  func groups() throws {
    let patches = try features(numbers(16 * 2))
    let merging = try MergeParameters(profile: .exact).resolved(
      visionDepth: 27, textDepth: 36, deepStackLayers: [8, 16, 24])
    // Four groups of four: the third has the highest single patch but the lowest mean.
    let scores: [Float] = [3, 3, 3, 3, 4, 4, 4, 4, 9, 0, 0, 0, 5, 5, 5, 5]
    let merge = try merged(scores, patches, merging)
    #expect(merge.keptGroups == [0, 1, 3])
  }

  @Test("the published code keeps every group with a kept patch")
  func publishedGroups() throws {
    let patches = try features(numbers(16 * 2))
    let merging = try MergeParameters(profile: .published).resolved(
      visionDepth: 27, textDepth: 36, deepStackLayers: [8, 16, 24])
    let scores: [Float] = [3, 3, 3, 3, 4, 4, 4, 4, 9, 0, 0, 0, 5, 5, 5, 5]
    let merge = try merged(scores, patches, merging)
    #expect(merge.keptGroups == [0, 1, 2, 3])
    #expect(merge.plan.kept.count == 16)
  }

  private func merged(
    _ scores: [Float], _ patches: Matrix, _ merging: ResolvedMerging
  ) throws -> VisionMerge {
    let scratch = try Matrix(rows: patches.rows, columns: patches.columns)
    defer { withExtendedLifetime((patches, scratch)) {} }
    return try VisionMerge.make(
      patchScores: scores, patches: patches.view, scratch: scratch.view, groupSize: 4,
      layout: GroupLayout(across: 2, down: 2, original: [0, 1, 2, 3]), seed: 0, merging: merging,
      threads: ThreadTeam(count: 1))
  }

  private func numbers(_ count: Int) -> [Float] {
    (0..<count).map { Float(($0 * 7919) % 101) / 10 }
  }
}
