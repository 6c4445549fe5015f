import Compute
import Engine
import Media
import Merging
import Models
import Testing

@Suite("Keys and values in fewer bits")
struct NarrowCacheTests {
  @Test("the prompt's logits stay, the next token's change in the third digit at most")
  func logits() throws {
    let model = try Fixtures.session("tiny-early").model
    let picture = RGBImage(
      width: 192, height: 128, pixels: (0..<192 * 128 * 3).map { UInt8($0 * 7 % 251) })
    let question = Question(visuals: [Visual(image: picture)], text: "What is shown?")
    let merging = try model.resolve(MergeParameters(profile: .off))
    let threads = ThreadTeam(count: 2)
    var first: [[Float]] = []
    var second: [[Float]] = []
    for narrows in [false, true] {
      let seen = try model.encode(
        question, merging: merging, threads: threads, observer: ComputeObserver())
      let generation = try model.read(
        seen, ReadingOptions(merging: merging, room: 1, narrowsCache: narrows), threads: threads,
        observer: ComputeObserver())
      first.append(generation.logits)
      try generation.advance(by: [7], threads: threads)
      second.append(generation.logits)
    }
    #expect(first[0] == first[1])
    let scale = second[0].map(abs).max() ?? 0
    let difference = zip(second[0], second[1]).map { abs($0 - $1) }.max() ?? .infinity
    #expect(difference > 0 && difference < 0.02 * scale, "\(difference) of \(scale)")
  }
}
