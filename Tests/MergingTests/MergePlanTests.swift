import Compute
import Merging
import Options
import Testing

@preconcurrency import Glibc

@Suite("Merge plans")
struct MergePlanTests {
  /// `[rows, 2]` with numbers that are easy to follow.
  private func features(_ values: [Float]) throws -> Matrix {
    let matrix = try Matrix(rows: values.count / 2, columns: 2)
    matrix.base.update(from: values, count: values.count)
    return matrix
  }

  private func make(
    scores: [Float], features: Matrix, keep: Int, mode: MergeMode, sizes: [Float] = []
  ) throws -> MergePlan {
    let scratch = try Matrix(rows: features.rows, columns: features.columns)
    defer { withExtendedLifetime((features, scratch)) {} }
    return try MergePlan.make(
      scores: scores, features: features.view, keep: keep, mode: mode,
      sizes: sizes, scratch: scratch.view,
      threads: ThreadTeam(count: 1))
  }

  @Test("drop keeps the highest scores in their old order, ties by lower index")
  func drop() throws {
    let rows = try features([0, 0, 1, 1, 2, 2, 3, 3])
    let plan = try make(
      scores: [0.5, 0.9, 0.5, 0.7], features: rows, keep: 3, mode: .drop)
    #expect(plan.kept == [0, 1, 3])
    plan.apply(rows.view, to: rows.base)
    #expect(Array(rows.elements.prefix(6)) == [0, 0, 1, 1, 3, 3])
  }

  @Test("shift-merge folds the end into the last kept row, whatever the scores")
  func shiftMerge() throws {
    let rows = try features([8, 0, 16, 2, 32, 4, 64, 8, 128, 16])
    let plan = try make(
      scores: [0, 9, 1, 8, 2], features: rows, keep: 2, mode: .shiftMerge)
    plan.apply(rows.view, to: rows.base)
    // (16 + (32 + (64 + 128) / 2) / 2) / 2 = 40
    #expect(Array(rows.elements.prefix(4)) == [8, 0, 40, 5])
  }

  @Test("recycling moves the most similar redundant rows into the last of the kept")
  func recycle() throws {
    // Row 2 receives (the lowest of the kept); rows 0 and 3 are redundant. Its dot products with
    // them are 2 and 0, so the weights are softmax([2, 0] / √2).
    let rows = try features([2, 0, 9, 9, 1, 0, 0, 4])
    let plan = try make(
      scores: [0.1, 0.9, 0.5, 0.2], features: rows, keep: 2, mode: .recycle)
    #expect(plan.kept == [1, 2])
    #expect(plan.receivers == [2])
    #expect(Set(plan.donors) == [0, 3])
    let first: Float = 0.804429  // 1 / (1 + exp(−√2))
    #expect(abs((plan.weights.max() ?? 0) - first) < 1e-5)
    plan.apply(rows.view, to: rows.base)
    let result = rows.elements
    #expect(Array(result.prefix(2)) == [9, 9])
    #expect(abs(result[2] - (1 + 2 * first) / 2) < 1e-5)
    #expect(abs(result[3] - (4 * (1 - first)) / 2) < 1e-5)
  }

  @Test(
    "absorbing averages each row that leaves into the survivor most like it, by what both stand for"
  )
  func absorb() throws {
    // As directions from the mean, (4, 4): row 1 is like row 0, and row 2 is like row 3.
    let rows = try features([0, 8, 1, 7, 7, 0, 8, 1])
    let plan = try make(
      scores: [0.9, 0.1, 0.2, 0.8], features: rows, keep: 2, mode: .absorb, sizes: [3, 1, 2, 2])
    #expect(plan.kept == [0, 3])
    #expect(plan.donors == [1, 2])
    #expect(plan.sizes(after: [3, 1, 2, 2]) == [4, 4])
    plan.apply(rows.view, to: rows.base)
    for (a, b) in zip(rows.elements, [0.25, 7.75, 7.5, 0.5] as [Float]) {
      #expect(abs(a - b) < 1e-5)
    }
  }

  @Test("a row that is as much like two survivors is absorbed by the first of them")
  func absorbTie() throws {
    let rows = try features([0, 8, 0, 8, 1, 7, 8, 1])
    let plan = try make(
      scores: [0.9, 0.8, 0.1, 0.7], features: rows, keep: 3, mode: .absorb)
    #expect(plan.kept == [0, 1, 3])
    #expect(plan.receivers == [0])
    #expect(plan.donors == [2])
  }

  @Test("the mean of all rows, by what they stand for, stays as it is when rows are absorbed")
  func conservation() throws {
    let values = numbers(2 * 40).enumerated().map { sinf($1 + Float($0)) }
    let rows = try features(values)
    let sizes = (0..<40).map { Float($0 % 5 + 1) }
    let plan = try make(
      scores: numbers(40), features: rows, keep: 13, mode: .absorb, sizes: sizes)
    let after = plan.sizes(after: sizes)
    #expect(after.reduce(0, +) == sizes.reduce(0, +))
    plan.apply(rows.view, to: rows.base)
    for column in 0..<2 {
      let before = sizes.indices.reduce(Float(0)) { $0 + sizes[$1] * values[2 * $1 + column] }
      let now = after.indices.reduce(Float(0)) { $0 + after[$1] * rows.elements[2 * $1 + column] }
      #expect(abs(before - now) < 1e-3)
    }
  }

  @Test("nothing changes when every row is kept", arguments: MergeMode.allCases)
  func allKept(_ mode: MergeMode) throws {
    let values = numbers(24)
    let rows = try features(values)
    let plan = try make(
      scores: numbers(12), features: rows, keep: 12, mode: mode)
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
  ) throws -> SegmentMerge {
    let scratch = try Matrix(rows: patches.rows, columns: patches.columns)
    defer { withExtendedLifetime((patches, scratch)) {} }
    return try SegmentMerge(
      patchScores: scores, patches: patches.view, scratch: scratch.view, groupSize: 4,
      seed: 0, merging: merging, threads: ThreadTeam(count: 1))
  }

  private func numbers(_ count: Int) -> [Float] {
    (0..<count).map { Float(($0 * 7919) % 101) / 10 }
  }
}
