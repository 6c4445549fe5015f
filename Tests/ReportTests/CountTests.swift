import Answers
import Diagnostics
import Engine
import Foundation
import Media
import Merging
import Models
import Options
@testable import Report
import Testing

/// All outputs report the same counts of merging.
@Suite("Counts")
struct CountTests {
  private func request(_ profile: MergeProfile) -> Request {
    var request = Request(prompt: "What is shown?")
    request.media = ["picture0.png", "picture1.png", "clip.mp4"].map {
      MediaItem(path: Fixtures.path("media/\($0)"))
    }
    request.merging = MergeParameters(profile: profile)
    request.maxNewTokens = 2
    request.keepsVisuals = true
    return request
  }

  @Test("the record, the JSON, the dump and the pictures agree", arguments: MergeProfile.allCases)
  func agree(profile: MergeProfile) throws {
    let request = request(profile)
    let dump = AnswerDump()
    // The published code cannot merge after DeepStack features were taken, as tiny-early does.
    let answer = try Fixtures.session("tiny-late").answer(request, dump: dump)
    let document = AnswerDocument(
      answer, request: request, origin: MadeUp.origin,
      model: AnswerDocument.Model(path: "m", weights: "f32"), load: 0)
    let json = try JSONSerialization.jsonObject(with: Data(try document.json().utf8))
    let root = try #require(json as? [String: Any])
    let merging = try #require(root["merging"] as? [String: Any])
    let done = try #require(merging["done"] as? [String: Any])
    let steps = try #require(done["steps"] as? [[String: Any]])
    let tokens = try #require(root["tokens"] as? [String: Any])
    let details = try #require(
      try JSONSerialization.jsonObject(
        with: Data(try MergingDocument(answer, job: "1").json().utf8)) as? [String: Any])
    let after = try #require(details["steps"] as? [[String: Any]]).map { $0["after"] as? [Int] }
    #expect(after == answer.steps.map { $0.segments.map(\.kept.count) })
    let runs = try #require(details["runs"] as? [[String: Any]])
    #expect(runs.map { $0["survivors"] as? [Int] } == answer.survivors)
    #expect(details["kv_lengths"] as? [Int] == answer.cacheLengths)

    #expect(steps.count == answer.steps.count)
    #expect(steps.isEmpty == (profile == .off))
    for (entry, step) in zip(steps, answer.steps) {
      #expect(entry["tokens_before"] as? Int == step.before.reduce(0, +))
      #expect(entry["tokens_after"] as? Int == step.after.reduce(0, +))
    }
    let survivors = try answer.segments.indices.map {
      try #require(dump.integers("survivors.\($0)"))
    }
    #expect(tokens["visual_left"] as? Int == survivors.reduce(0) { $0 + $1.count })
    if let last = answer.steps.last { #expect(last.segments.map(\.kept) == survivors) }
    let visionSteps = answer.steps.filter { $0.stage == .vision }
    if let last = visionSteps.last { #expect(dump.integers("vit_counts") == last.after) }

    var drawn: [Int] = []
    for index in answer.sources.indices {
      let view = try #require(SourceView.all(answer, index: index).first)
      for (part, pieces) in view.parts.map(\.pieces).enumerated() {
        let fates = view.fates(part: part)
        drawn.append(fates.left)
        let left = fates.fates.indices.filter { fates.fates[$0] != .givenUp }
        #expect(left == survivors[pieces[0].run])
      }
    }
    #expect(drawn == survivors.map(\.count))
  }

  @Test("a record holds together from layer to layer", arguments: MergeProfile.allCases)
  func chain(profile: MergeProfile) throws {
    let answer = try Fixtures.session("tiny-late").answer(request(profile))
    for (index, segment) in answer.segments.enumerated() {
      var alive = Array(0..<segment.grid.groups)
      for step in answer.steps {
        let record = step.segments[index]
        let merging = answer.merging
        let absorbs = (step.stage == .vision ? merging.vision : merging.text).mode == .absorb
        #expect(record.arrived == alive)
        #expect(Set(record.kept).isSubset(of: record.arrived))
        #expect(record.scores.count == record.arrived.count * record.rowsPerGroup)
        #expect(Set(record.receivers).isSubset(of: record.chosen))
        #expect(Set(record.donors).isDisjoint(with: record.chosen))
        #expect(Set(record.receivingGroups).isSubset(of: record.kept))
        var first = 0
        for count in record.donorCounts {
          let own = record.weights[first..<first + count]
          // Weights of mode 3 sum to 1; those of mode 4 depend on how many groups both rows stand for.
          #expect(absorbs ? own.allSatisfy { $0 > 0 } : abs(own.reduce(0, +) - 1) < 1e-4)
          first += count
        }
        #expect(!absorbs || record.donors.sorted() == record.givenUp)
        #expect(first == record.weights.count)
        #expect((record.kept + record.givenUp).sorted() == record.arrived)
        alive = record.kept
      }
      #expect(alive == answer.survivors[index])
    }
  }

  @Test("visuals are kept only where they are asked for, and frames are told from the segments")
  func visuals() throws {
    var request = request(.exact)
    let answer = try Fixtures.session().answer(request)
    #expect(answer.visuals.map(\.images.count) == answer.sources.map { max(1, $0.frames.count) })
    let video = answer.segments.filter(\.isVideo)
    #expect(video.first?.view.images == 0..<2)
    #expect(video.last?.view.images.upperBound == answer.sources[2].frames.count)
    request.keepsVisuals = false
    let lean = try Fixtures.session().answer(request)
    #expect(lean.visuals.isEmpty)
    #expect(lean.steps == answer.steps)
  }
}
