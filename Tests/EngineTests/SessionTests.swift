import Answers
import Compute
import Diagnostics
import Engine
import Foundation
import Merging
import Models
import Options
import Report
import Testing

@Suite("Sessions")
struct SessionTests {
  private func request() -> Request {
    var request = Request(prompt: "What is shown?")
    request.media = [
      MediaItem(path: Fixtures.path("media/picture0.png")),
      MediaItem(path: Fixtures.path("media/clip.mp4")),
    ]
    request.maxNewTokens = 6
    return request
  }

  @Test("pictures and videos in one question; counts agree from step to step")
  func mixed() throws {
    let answer = try Fixtures.session("tiny-early").answer(request())
    #expect(answer.sources.map(\.kind) == [.image, .video])
    // One image of 256×192 and three pairs of frames of 160×128.
    #expect(answer.visualTokens == 48 + 3 * 20)
    #expect(answer.steps.map(\.layer) == [6, 7, 8, 9, 5, 6, 7, 8])
    for (step, next) in zip(answer.steps, answer.steps.dropFirst()) {
      #expect(step.after == next.before)
    }
    #expect(answer.steps.first?.before.reduce(0, +) == answer.visualTokens)
    #expect(answer.steps.last?.after == answer.survivors.map(\.count))
    #expect(answer.visionCounts == answer.steps[3].after)
    // The tiny model has fewer layers than the published ones require.
    #expect(answer.merging.notes.count == 1)
  }

  @Test("streamed pieces join to the answer, on any number of threads")
  func streaming() throws {
    var texts: [String] = []
    for threads in [1, 2, 5] {
      let session = Session(
        model: try Fixtures.session("tiny-late").model, threads: ThreadTeam(count: threads))
      var pieces: [String] = []
      var events = SessionEvents()
      events.text = { pieces.append($0) }
      let answer = try session.answer(request(), events: events)
      #expect(pieces.joined() == answer.text)
      texts.append(answer.text)
    }
    #expect(Set(texts).count == 1)
  }

  @Test("a stop token ends the answer and is no part of its text")
  func stopping() throws {
    let session = try Fixtures.session("tiny-late")
    var request = request()
    let unstopped = try session.answer(request)
    let path = FileManager.default.temporaryDirectory.appendingPathComponent(
      "illava-stop-\(UUID().uuidString)")
    try FileManager.default.copyItem(atPath: Fixtures.path("tiny-late"), toPath: path.path)
    defer { try? FileManager.default.removeItem(at: path) }
    // Make the third token a stop token.
    let stop = unstopped.generated[2]
    try Data("{\"eos_token_id\": [\(stop)]}".utf8)
      .write(to: path.appendingPathComponent("generation_config.json"))
    let position = try #require(unstopped.generated.firstIndex(of: stop))
    request.stops = true
    let plain = ModelOptions(weights: .f32)
    let answer = try Session(modelFolder: path.path, options: plain, threads: 2).answer(request)
    #expect(answer.finishReason == .stop)
    #expect(answer.generated == Array(unstopped.generated[0...position]))
    #expect(unstopped.finishReason == .length)
  }

  @Test("work can be stopped between layers")
  func cancelling() throws {
    var events = SessionEvents()
    var calls = 0
    events.check = { () throws(Failure) in
      calls += 1
      if calls == 9 { throw Failure(.fault, code: FailureCode(rawValue: "test.stop"), "stopped") }
    }
    let session = try Fixtures.session("tiny-late")
    let failure = #expect(throws: Failure.self) { try session.answer(request(), events: events) }
    #expect(failure?.code == FailureCode(rawValue: "test.stop"))
  }

  @Test("FastV keeps half of the visual tokens from its layer on")
  func fastV() throws {
    var request = request()
    request.merging = try MergeParameters.fastV(layer: 2, removed: 0.5)
    let answer = try Fixtures.session("tiny-early").answer(request)
    #expect(answer.visionCounts == [48, 20, 20, 20])
    #expect(answer.survivors.map(\.count) == [24, 10, 10, 10])
    let text = answer.promptTokens - answer.visualTokens
    #expect(
      answer.cacheLengths == [108, 108].map { $0 + text } + Array(repeating: 54 + text, count: 8))
  }

  @Test("several pictures are no different from one another's company in the ViT")
  func independence() throws {
    // Segments do not attend to each other, so a video's frames get the same tokens in any batch, except
    // for the least number of tokens of a question.
    let session = try Fixtures.session("tiny-early")
    var together = request()
    together.merging.visionMinTokens = 0
    var alone = together
    alone.media = [MediaItem(path: Fixtures.path("media/clip.mp4"))]
    let (both, one) = (try session.answer(together), try session.answer(alone))
    #expect(both.visionCounts.dropFirst() == one.visionCounts[...])
  }

  @Test("the answer document is JSON that says what was asked and done")
  func document() throws {
    let request = request()
    let answer = try Fixtures.session("tiny-early").answer(request)
    let text = try AnswerDocument(
      answer, request: request, origin: Fixtures.origin,
      model: AnswerDocument.Model(path: "m", weights: "f32"), load: 0.5
    ).json()
    let root = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(root["version"] as? Int == 2)
    let merging = try #require(root["merging"] as? [String: Any])
    let asked = try #require(merging["asked"] as? [String: Any])
    #expect(asked["illava_vit_r"] as? Double == MergeProfile.standard.visionRetention.value)
    let done = try #require(merging["done"] as? [String: Any])
    let steps = try #require(done["steps"] as? [[String: Any]])
    #expect(steps.count == 8)
    let media = try #require(root["media"] as? [[String: Any]])
    #expect((media[0]["digest"] as? String)?.utf8.count == "sha256:".utf8.count + 64)
    #expect((media[0]["bytes"] as? Int ?? 0) > 0)
    #expect((media[1]["frames"] as? [Any])?.count == 6)
    #expect((media[1]["duration"] as? Double ?? 0) > 0)
    let questions = try #require(root["questions"] as? [[String: Any]])
    #expect((questions[0]["seconds"] as? Double ?? 0) > 0)
  }
}
