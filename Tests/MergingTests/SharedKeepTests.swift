import Compute
import Merging
import Testing

@Suite("Segments that share what is kept")
struct SharedKeepTests {
  @Test("the best rows stay wherever they are, and every segment keeps one")
  func counts() {
    let scores: [[Float]] = [[0.9, 0.8, 0.7], [0.1, 0.2], [0.6, 0.95, 0.3, 0.5]]
    #expect(SharedKeep.counts(scores, total: 3) == [1, 1, 1])
    #expect(SharedKeep.counts(scores, total: 5) == [3, 1, 1])
    #expect(SharedKeep.counts(scores, total: 7) == [3, 1, 3])
    #expect(SharedKeep.counts(scores, total: 9) == [3, 2, 4])
  }

  @Test("of equal rows the earlier segment keeps more, and not-a-number loses nothing")
  func ties() {
    #expect(SharedKeep.counts([[1, 1, 1], [1, 1, 1]], total: 3) == [2, 1])
    let damaged: [[Float]] = [[.nan, 1, 2], [3, .nan]]
    #expect(SharedKeep.counts(damaged, total: 4).reduce(0, +) == 4)
  }

  @Test("a frame that shows something new keeps more than those that repeat one another")
  func novelty() throws {
    let threads = ThreadTeam(count: 2)
    // Three segments of four rows: the first two are alike, the third is not.
    let still: [[Float]] = [[4, 0, 0, 0], [4, 1, 0, 0], [4, 0, 1, 0], [4, 1, 1, 0]]
    let new: [[Float]] = [[0, 0, 0, 5], [0, 3, 0, -5], [0, -2, 3, 1], [-1, 0, -4, 2]]
    let rows = still + still + new
    let features = try Matrix(rows: rows.count, columns: 4)
    let scratch = try Matrix(rows: rows.count, columns: 4)
    for (row, values) in rows.enumerated() {
      for (column, value) in values.enumerated() { features.view.row(row)[column] = value }
    }
    defer { withExtendedLifetime((features, scratch)) {} }
    let scores = try DistinctSelection().scores(
      of: features.view, scratch: scratch.view, threads: threads)
    let parts = [Array(scores[0..<4]), Array(scores[4..<8]), Array(scores[8..<12])]
    let counts = SharedKeep.counts(parts, total: 6)
    #expect(counts[2] == 4)
    #expect(counts.reduce(0, +) == 6)
    // The features may be computed in where they are.
    let inPlace = try DistinctSelection().scores(
      of: features.view, scratch: features.view, threads: threads)
    #expect(inPlace == scores)
  }
}
