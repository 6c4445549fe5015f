import Basics
import Compute
import Diagnostics
import Merging
import Options
import Testing

@Suite("Choosing groups")
struct SelectionTests {
  private let threads = ThreadTeam(count: 2)

  /// A selection's plan over rows of hand-made features.
  private func plan(
    _ choice: VisionChoice, _ rows: [[Float]], keep: Int, scores: [Float] = [],
    mode: MergeMode = .drop, seed: UInt64 = 0,
    threads: ThreadTeam? = nil
  ) throws -> MergePlan {
    let features = try Matrix(rows: rows.count, columns: rows[0].count)
    for (index, row) in rows.enumerated() {
      features.view.row(index).update(from: row, count: row.count)
    }
    let scratch = try Matrix(rows: rows.count, columns: rows[0].count)
    defer { withExtendedLifetime((features, scratch)) {} }
    let groups = Candidates(
      features: features.view, scores: scores, seed: seed, scratch: scratch.view)
    return try choice.selection.plan(
      groups, keep: keep, mode: mode,
      threads: threads ?? self.threads
    ).plan
  }

  private func noise(_ rows: Int, _ columns: Int, seed: UInt64 = 5) -> [[Float]] {
    var random = SplitMix64(seed: seed)
    return (0..<rows).map { _ in (0..<columns).map { _ in Float(random.unit()) - 0.5 } }
  }

  @Test("distinct: the odd ones out stay, of a crowd only some")
  func distinct() throws {
    // Six of one kind and two different ones.
    let rows: [[Float]] = [
      [1, 0, 0], [1, 0, 0], [1, 0, 0], [0, 5, 0], [1, 0, 0], [1, 0, 0], [0, 0, 5], [1, 0, 0],
    ]
    #expect(try plan(.distinct, rows, keep: 2).kept == [3, 6])
    #expect(try plan(.distinct, rows, keep: 3).kept == [0, 3, 6])
  }

  @Test("diverse: one of every kind before a second of any")
  func diverse() throws {
    let kinds: [[Float]] = [[9, 0, 0, 0], [0, 7, 0, 0], [0, 0, 8, 0], [0, 0, 0, 6]]
    let rows = (0..<12).map { kinds[$0 / 3] }
    let kept = try plan(.diverse, rows, keep: 4).kept
    #expect(Set(kept.map { $0 / 3 }) == [0, 1, 2, 3])
  }

  @Test("diverse: with and without a table of all cosines the same groups are found")
  func diverseWithoutTable() throws {
    // More than two thousand of three kinds, then one of each: too many for the table.
    var rows = (0..<2100).map { index -> [Float] in
      index.isMultiple(of: 2) ? [4, 0, 0] : [0, 4, 0]
    }
    rows[77] = [0, 0, 9]
    let many = try plan(.diverse, rows, keep: 3).kept
    let few = try plan(.diverse, Array(rows.prefix(100)), keep: 3).kept
    #expect(many.contains(77))
    #expect(many == few)
  }

  @Test("bipartite: equal neighbors become one, lone groups stay as they are")
  func bipartite() throws {
    // Even rows are matched with odd ones: 0–1 and 4–5 are pairs, 2 and 3 have no match.
    let rows: [[Float]] = [
      [8, 0, 0], [10, 0, 0], [0, 5, 0], [0, -5, 1], [0, 0, 6], [0, 0, 10],
    ]
    let plan = try plan(.bipartite, rows, keep: 4, mode: .recycle)
    #expect(plan.kept == [1, 2, 3, 5])
    #expect(plan.receivers == [1, 5])
    #expect(plan.donors == [0, 4])
    let features = try Matrix(rows: 6, columns: 3)
    for (index, row) in rows.enumerated() {
      features.view.row(index).update(from: row, count: 3)
    }
    plan.apply(features.view, to: features.base)
    #expect(
      Array(features.elements.prefix(12)) == [9, 0, 0, 0, 5, 0, 0, -5, 1, 0, 0, 8])
  }

  @Test("bipartite: more than half go in several rounds, every group into exactly one mean")
  func bipartiteRounds() throws {
    let plan = try plan(.bipartite, noise(41, 8), keep: 5, mode: .recycle)
    #expect(plan.kept.count == 5)
    #expect((plan.kept + plan.donors).sorted() == Array(0..<41))
    for (count, factor) in zip(plan.donorCounts, plan.factors) {
      #expect(factor == 1 / Float(count + 1))
    }
    #expect(plan.donorCounts.reduce(0, +) == plan.donors.count)
    #expect(Set(plan.donorCounts).count > 1)
    #expect(try self.plan(.bipartite, noise(41, 8), keep: 5).donors.isEmpty)
  }

  @Test("random: the same seed chooses alike, another seed does not, all places are met")
  func random() throws {
    let rows = noise(64, 2)
    let first = try plan(.random, rows, keep: 16, seed: 7).kept
    #expect(try plan(.random, rows, keep: 16, seed: 7).kept == first)
    #expect(try plan(.random, rows, keep: 16, seed: 8).kept != first)
    var hits = [Int](repeating: 0, count: 64)
    for seed in 0..<400 {
      for group in try plan(.random, rows, keep: 16, seed: UInt64(seed)).kept { hits[group] += 1 }
    }
    // 100 each on average, with a deviation of about 9.
    #expect(hits.allSatisfy { 55...145 ~= $0 })
    let seeds = Set(
      (0..<8).flatMap { layer in
        (0..<8).flatMap { segment in
          [MergePlace.vision, .text].map {
            RandomScores.seed(job: 1, stage: $0, layer: layer, segment: segment)
          }
        }
      })
    #expect(seeds.count == 128)
  }

  @Test(
    "what is read off the features: not scale, not what all groups share, not the threads",
    arguments: [VisionChoice.distinct, .diverse, .bipartite])
  func invariances(_ choice: VisionChoice) throws {
    let rows = noise(60, 12)
    let plain = try plan(choice, rows, keep: 20)
    #expect(plain.kept.count == 20)
    let scaled = rows.map { $0.map { $0 * 4 } }
    #expect(try plan(choice, scaled, keep: 20) == plain)
    let shifted = rows.map { $0.map { $0 + 3 } }
    #expect(try plan(choice, shifted, keep: 20).kept == plain.kept)
    for count in [1, 5] {
      #expect(
        try plan(choice, rows, keep: 20, threads: ThreadTeam(count: count)) == plain)
    }
  }

  @Test(
    "plans are sound: as many as asked, receivers stay, donors go", arguments: VisionChoice.allCases
  )
  func sound(_ choice: VisionChoice) throws {
    for count in [1, 2, 3, 17, 48] {
      let rows = noise(count, 6)
      let scores = noise(count, 1, seed: 9).map { $0[0] }
      for keep in Set([1, max(1, count / 3), max(1, count - 1), count]) {
        for mode in [MergeMode.drop, .recycle] {
          let plan = try plan(
            choice, rows, keep: keep, scores: scores, mode: mode)
          #expect(plan.kept.count == keep)
          #expect(plan.kept == Set(plan.kept).sorted())
          #expect(plan.kept.allSatisfy { 0..<count ~= $0 })
          #expect(Set(plan.receivers).isSubset(of: plan.kept))
          #expect(Set(plan.donors).isDisjoint(with: plan.kept))
          #expect(plan.donors.count == plan.weights.count)
          #expect(plan.weights.allSatisfy { $0.isFinite && $0 >= 0 })
          if keep == count { #expect(plan.donors.isEmpty) }
        }
      }
    }
  }

  @Test("a flat picture loses nothing but groups", arguments: VisionChoice.allCases)
  func flat(_ choice: VisionChoice) throws {
    let rows = [[Float]](repeating: [0.3, -2, 5], count: 30)
    let plan = try plan(
      choice, rows, keep: 10, scores: [Float](repeating: 1, count: 30), mode: .recycle)
    #expect(plan.kept.count == 10)
    let features = try Matrix(rows: 30, columns: 3)
    for row in 0..<30 { features.view.row(row).update(from: rows[row], count: 3) }
    plan.apply(features.view, to: features.base)
    for row in 0..<10 {
      for column in 0..<3 {
        #expect(abs(features.view.row(row)[column] - rows[0][column]) < 1e-5)
      }
    }
  }

  @Test("attention is only asked where its answer is used")
  func attentionScores() throws {
    func resolved(_ parameters: MergeParameters) throws -> ResolvedMerging {
      try parameters.resolved(visionDepth: 27, textDepth: 36, deepStackLayers: [8, 16, 24])
    }
    #expect(
      try resolved(MergeParameters(profile: .exact)).visionSelection.attentionScore == .received)
    #expect(
      try resolved(MergeParameters(profile: .exact)).textSelection.attentionScore == .lastQuery)
    #expect(
      try resolved(MergeParameters(profile: .published)).visionSelection.attentionScore
        == .logSumExp)
    for choice in VisionChoice.allCases {
      var parameters = MergeParameters(profile: .exact)
      parameters.visionChoice = choice
      parameters.textChoice = .random
      let merging = try resolved(parameters)
      #expect(
        (merging.visionSelection.attentionScore != nil) == [.attention, .lse].contains(choice))
      #expect(merging.textSelection.attentionScore == nil)
    }
  }

  @Test("the language model's choice is the profile's unless somebody chooses or nothing is chosen")
  func textDefaults() throws {
    func choice(_ profile: MergeProfile, _ change: (inout MergeParameters) -> Void) throws
      -> TextChoice
    {
      var parameters = MergeParameters(profile: profile)
      change(&parameters)
      return try parameters.resolved(visionDepth: 27, textDepth: 36, deepStackLayers: [9])
        .textChoice
    }
    #expect(try choice(.tuned) { _ in } == .distinct)
    #expect(try choice(.exact) { _ in } == .attention)
    #expect(try choice(.published) { _ in } == .attention)
    #expect(try choice(.tuned) { $0.textChoice = .question } == .question)
    // Mode 2 merges the last rows, whatever their scores.
    #expect(try choice(.tuned) { $0.textMode = .shiftMerge } == .attention)
    #expect(throws: Failure.self) { try choice(.published) { $0.textChoice = .distinct } }
  }

  @Test("the language model's choices ask attention for what they need")
  func textScores() throws {
    let wanted: [TextChoice: ScoreKind?] = [
      .attention: .lastQuery, .question: .question, .distinct: nil,
      .random: nil,
    ]
    for choice in TextChoice.allCases {
      var parameters = MergeParameters(profile: .exact)
      parameters.textChoice = choice
      let merging = try parameters.resolved(visionDepth: 27, textDepth: 36, deepStackLayers: [8])
      #expect(merging.textSelection.attentionScore == wanted[choice])
    }
  }

  @Test("scores that would not be used are refused")
  func refusals() throws {
    var published = MergeParameters(profile: .published)
    published.visionChoice = .diverse
    var shifting = MergeParameters(profile: .exact)
    shifting.visionMode = .shiftMerge
    shifting.visionChoice = .random
    for parameters in [published, shifting] {
      let failure = #expect(throws: Failure.self) {
        try parameters.resolved(visionDepth: 27, textDepth: 36, deepStackLayers: [8, 16, 24])
      }
      #expect(failure?.code == .mergingScore)
    }
  }

  @Test("tokens left are those of the layers, one after the other")
  func tokensLeft() throws {
    let merging = try MergeParameters(profile: .exact).resolved(
      visionDepth: 27, textDepth: 36, deepStackLayers: [8, 16, 24])
    // 49 → 42 → 36 → 31 → 26 in the ViT, → 23 → 21 → 19 → 17 in the LLM.
    #expect(merging.tokensLeft(of: 49) == 17)
    #expect(merging.tokensLeft(of: 1) == 1)
  }
}
