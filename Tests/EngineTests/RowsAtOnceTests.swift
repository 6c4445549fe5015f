import Compute
import Engine
import Media
import Merging
import Models
import Testing

@Suite("Rows at a time")
struct RowsAtOnceTests {
  @Test("fewer rows at a time take longer and change nothing")
  func sameLogits() throws {
    let model = try Fixtures.session("tiny-early").model
    let picture = RGBImage(
      width: 192, height: 128, pixels: (0..<192 * 128 * 3).map { UInt8($0 * 7 % 251) })
    let question = Question(visuals: [Visual(image: picture)], text: "What is shown?")
    let merging = try model.resolve(MergeParameters(profile: .off))
    var logits: [[Float]] = []
    for rows in [ThreadTeam.maxRowsAtOnce, 7, 1] {
      let threads = ThreadTeam(count: 2)
      threads.rowsAtOnce = rows
      let seen = try model.encode(
        question, merging: merging, threads: threads, observer: ComputeObserver())
      let generation = try model.read(
        seen, ReadingOptions(merging: merging, room: 1, narrowsCache: false), threads: threads,
        observer: ComputeObserver())
      logits.append(generation.logits)
    }
    for other in logits.dropFirst() {
      let difference = zip(logits[0], other).map { abs($0 - $1) }.max() ?? .infinity
      #expect(difference < 1e-4, "\(difference)")
    }
  }
}
