import Compute
import Merging
import Options
import Testing

@Suite("Groups that are never merged")
struct FixedGroupTests {
  private func stage(_ mode: MergeMode) -> MergeStage {
    MergeStage(.text, layers: [1], retention: .share(0.5), mode: mode)
  }

  @Test(
    "a merge of some rows is that of these rows alone, and the others stay as they are",
    arguments: [MergeMode.drop, .shiftMerge, .recycle, .absorb],
    [[0, 1, 3, 4, 6, 7], [2, 3, 4, 5]])
  func alone(_ mode: MergeMode, _ movable: [Int]) throws {
    let threads = ThreadTeam(count: 1)
    let values = (0..<8 * 4).map { Float(($0 * 7919) % 101) / 10 }
    let scores = (0..<8).map { Float(($0 * 37) % 11) }
    func candidates(_ rows: [Int]) throws -> (Candidates, Matrix) {
      let matrix = try Matrix(rows: rows.count, columns: 4)
      for (index, row) in rows.enumerated() {
        for column in 0..<4 { matrix.view.row(index)[column] = values[row * 4 + column] }
      }
      let scratch = try Matrix(rows: rows.count, columns: 4)
      return (
        Candidates(
          features: matrix.view, scores: rows.map { scores[$0] }, seed: 1, scratch: scratch.view),
        matrix
      )
    }
    let (all, whole) = try candidates(Array(0..<8))
    let merge = try SegmentMerge(
      all, movable: movable, by: TextChoice.attention.selection, stage: stage(mode),
      threads: threads)
    let (part, alone) = try candidates(movable)
    let expected = try SegmentMerge(
      part, by: TextChoice.attention.selection, stage: stage(mode), threads: threads)
    let fixed = (0..<8).filter { !movable.contains($0) }
    let kept = expected.keptGroups.map { movable[$0] }
    #expect(merge.keptGroups == (kept + fixed).sorted())
    #expect(kept.count == movable.count / 2)
    merge.apply(whole.view, to: whole.base)
    expected.apply(alone.view, to: alone.base)
    for (index, row) in merge.keptGroups.enumerated() {
      let result = (0..<4).map { whole.view.row(index)[$0] }
      if let place = kept.firstIndex(of: row) {
        #expect(result == (0..<4).map { alone.view.row(place)[$0] })
      } else {
        #expect(result == Array(values[row * 4..<row * 4 + 4]))
      }
    }
  }

  @Test("where no row may go, all stay")
  func none() throws {
    let matrix = try Matrix(rows: 3, columns: 2)
    let merge = try SegmentMerge(
      Candidates(
        features: matrix.view, scores: [1, 2, 3], seed: 0, scratch: matrix.view),
      movable: [], by: TextChoice.attention.selection, stage: stage(.recycle),
      threads: ThreadTeam(count: 1))
    #expect(merge.keptGroups == [0, 1, 2])
    #expect(merge.scores == [1, 2, 3])
  }

  @Test("schedules count fixed groups apart")
  func schedule() {
    let stage = stage(.drop)
    #expect(
      stage.counts(of: [10, 10, 3, 4], fixed: [0, 4, 3], through: 0..<3)
        == [[10, 10, 3, 4], [5, 7, 3, 2], [5, 7, 3, 2]])
  }
}
