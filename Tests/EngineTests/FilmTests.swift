import Compute
import Diagnostics
import Engine
import Foundation
import Media
import MemoryPlanner
import Merging
import Models
import Options
import Testing

@Suite("Films of which only what changed is computed")
struct FilmTests {
  private func film(_ name: String = "film.mkv") throws -> Request {
    var request = Request(prompt: "What is shown?")
    request.media = [MediaItem(path: Fixtures.path("media/\(name)"))]
    request.maxNewTokens = 12
    request.stops = false
    request.merging.visionLayers = try LayerList([5, 6, 7, 8])
    request.merging.textLayers = try LayerList([3, 5, 7, 8])
    request.merging.visionMinTokens = 0
    request.merging.reusesStatic = true
    return request
  }

  private func distance(_ a: [Float], _ b: [Float]) -> Float {
    guard a.count == b.count else { return .infinity }
    return zip(a, b).map { abs($0 - $1) }.max() ?? 0
  }

  @Test(
    "reuse gives what it gives in PyTorch: computed groups, survivors, cache lengths, logits, tokens",
    arguments: ["tiny-early", "tiny-late"],
    ["off-keep", "off-absorb", "tuned-keep", "tuned-absorb"])
  func golden(_ checkpoint: String, _ name: String) throws {
    let expected = try ReferenceTensors(
      Fixtures.path("films/\(checkpoint)-\(name).safetensors"))
    var request = try film()
    request.merging.visionEnabled = name.hasPrefix("tuned")
    // So few tokens have equal scores in the language model, which the last bits would order.
    request.merging.textEnabled = false
    request.merging.films.margin = 0
    request.merging.films.tokens = name.hasSuffix("absorb") ? .absorb : .keep
    let dump = AnswerDump()
    _ = try Fixtures.session(checkpoint).answer(request, dump: dump)
    let names = expected.names.filter { expected.integers($0) != nil }
    #expect(names.contains("computed.3") && names.contains("kv_lengths"))
    for name in names { #expect(dump.integers(name) == expected.integers(name), "\(name)") }
    let logits = try #require(expected.floats("logits"))
    let largest = logits.map { abs($0) }.max() ?? 0
    #expect(distance(dump.floats("logits") ?? [], logits) <= 1e-4 * max(1, largest))
  }

  @Test(
    "a film in which everything changes gives the bits that it gives without reuse",
    arguments: [
      "tiny-early", "qwen2-vl/tiny", "internvl/tiny", "llava-onevision/tiny", "qwen3.5/tiny",
    ])
  func everythingChanges(_ checkpoint: String) throws {
    let session = try Fixtures.session(checkpoint)
    var request = Request(prompt: "What is shown?")
    request.media = [MediaItem(path: Fixtures.path("media/clip.mp4"))]
    request.maxNewTokens = 2
    request.merging.reusesStatic = true
    request.merging.films.threshold = 0
    request.merging.films.measuresNoise = false
    let (reused, whole) = (AnswerDump(), AnswerDump())
    let answer = try session.answer(request, dump: reused)
    #expect(answer.computedGroups.isEmpty)
    request.merging.reusesStatic = false
    _ = try session.answer(request, dump: whole)
    #expect(reused.floats("logits") == whole.floats("logits"))
    #expect(reused.integers("kv_lengths") == whole.integers("kv_lengths"))
  }

  @Test("frames that stand still are not computed, and are those before, in every family")
  func nothingChanges() throws {
    for checkpoint in [
      "tiny-early", "qwen2-vl/tiny", "internvl/tiny", "llava-onevision/tiny", "qwen3.5/tiny",
    ] {
      var request = Request(prompt: "What is shown?")
      request.media = [MediaItem(path: Fixtures.path("media/clip.mp4"))]
      request.maxNewTokens = 2
      request.merging.reusesStatic = true
      request.merging.films.threshold = 1
      let answer = try Fixtures.session(checkpoint).answer(request)
      let counts = answer.computedGroups
      #expect(counts.count > 1 && counts.dropFirst().allSatisfy { $0 == 0 }, "\(checkpoint)")
      #expect(Set(answer.visionCounts).count == 1, "\(checkpoint)")
      // What a frame leaves in the prompt is what the first left.
      #expect(answer.steps.allSatisfy { $0.stage == .text || Set($0.after).count == 1 })
    }
  }

  @Test("windows of attention are not reused")
  func windows() throws {
    var request = Request(prompt: "What is shown?")
    request.media = [MediaItem(path: Fixtures.path("media/clip.mp4"))]
    request.maxNewTokens = 1
    request.merging.reusesStatic = true
    request.merging.films.threshold = 1
    #expect(
      try Fixtures.session("qwen2.5-vl/tiny").answer(request).computedGroups.isEmpty)
  }

  @Test("what is kept of a film is given up first where memory is short")
  func memory() throws {
    let session = try Fixtures.session("tiny-early")
    var request = try film()
    request.merging.visionEnabled = false
    request.merging.textEnabled = false
    let full = try session.plan(request)
    #expect(full.merging.films != nil)
    request.merging.reusesStatic = false
    let whole = try session.plan(request)
    #expect(whole.cost.vision < full.cost.vision)
    request.merging.reusesStatic = true
    request.memory.target = full.predicted - 1
    let less = try session.plan(request)
    #expect(less.adaptations.first?.rung == .filmReuse)
    #expect(less.merging.films == nil && less.predicted < full.predicted)
  }
}
