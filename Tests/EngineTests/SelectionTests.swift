import Compute
import Engine
import Foundation
import Merging
import Options
import Testing

@Suite("Choices of groups in whole sessions")
struct SelectionTests {
  private func request(_ choice: VisionChoice?, seed: UInt64 = 0) -> Request {
    var request = Request(prompt: "What is shown?")
    request.media = [
      MediaItem(path: Fixtures.path("media/picture0.png")),
      MediaItem(path: Fixtures.path("media/clip.mp4")),
    ]
    request.maxNewTokens = 2
    request.merging = MergeParameters(profile: .exact)
    request.merging.visionChoice = choice
    request.merging.seed = seed
    return request
  }

  @Test(
    "every choice keeps as many groups at every layer as attention does",
    arguments: VisionChoice.allCases)
  func counts(_ choice: VisionChoice) throws {
    // DeepStack features are taken before and between the merging layers of this model.
    let session = try Fixtures.session("tiny-early")
    let plain = try session.answer(request(nil))
    let answer = try session.answer(request(choice))
    #expect(answer.steps.map(\.after) == plain.steps.map(\.after))
    #expect(answer.survivors.map(\.count) == plain.survivors.map(\.count))
    for (kept, segment) in zip(answer.survivors, [48, 20, 20, 20]) {
      #expect(kept == Set(kept).sorted())
      #expect(kept.allSatisfy { 0..<segment ~= $0 })
    }
    if choice == .attention {
      #expect(answer.survivors == plain.survivors)
      #expect(answer.generated == plain.generated)
    } else {
      #expect(answer.survivors != plain.survivors)
    }
  }

  @Test(
    "every choice of the language model keeps as many tokens, its own ones, on any number of threads",
    arguments: TextChoice.allCases)
  func textCounts(_ choice: TextChoice) throws {
    let model = try Fixtures.session("tiny-early").model
    func answer(_ choice: TextChoice, threads: Int) throws -> Answer {
      var request = request(nil)
      request.merging.textChoice = choice
      return try Session(model: model, threads: ThreadTeam(count: threads)).answer(request)
    }
    let plain = try answer(.attention, threads: 2)
    let answers = try [1, 3].map { try answer(choice, threads: $0) }
    #expect(answers[0].steps.map(\.after) == plain.steps.map(\.after))
    #expect(answers[0].visionCounts == plain.visionCounts)
    #expect(answers[0].survivors == answers[1].survivors)
    #expect((answers[0].survivors == plain.survivors) == (choice == .attention))
  }

  @Test(
    "absorbing keeps as many tokens as dropping and loses none, on any number of threads",
    arguments: [VisionChoice.distinct, .bipartite])
  func absorbing(_ choice: VisionChoice) throws {
    let model = try Fixtures.session("tiny-early").model
    func answer(_ mode: MergeMode, threads: Int) throws -> Answer {
      var request = request(choice)
      request.merging.visionMode = mode
      request.merging.textMode = mode
      return try Session(model: model, threads: ThreadTeam(count: threads)).answer(request)
    }
    let dropped = try answer(.drop, threads: 2)
    let answers = try [1, 3].map { try answer(.absorb, threads: $0) }
    #expect(answers[0].steps.map(\.after) == dropped.steps.map(\.after))
    #expect(answers[0].survivors == answers[1].survivors)
    #expect(answers[0].generated == answers[1].generated)
    // Every removed token is averaged into a survivor, in every segment of every step.
    for record in answers[0].steps.flatMap(\.segments) {
      #expect(Set(record.donors) == Set(record.givenUp))
      #expect(record.donors.count == record.givenUp.count)
    }
  }

  @Test("chance is the same for a seed on any number of threads, and differs between frames")
  func chance() throws {
    let model = try Fixtures.session("tiny-late").model
    let answers = try [1, 2, 5].map { count in
      try Session(model: model, threads: ThreadTeam(count: count)).answer(
        request(.random, seed: 4)
      ).survivors
    }
    #expect(answers[0] == answers[1])
    #expect(answers[1] == answers[2])
    #expect(Set(answers[0].dropFirst()).count == 3)
    let session = Session(model: model, threads: ThreadTeam(count: 2))
    #expect(try session.answer(request(.random, seed: 5)).survivors != answers[0])
    var everywhere = request(.attention)
    everywhere.merging.textChoice = .random
    let first = try session.answer(everywhere)
    everywhere.merging.seed = 1
    let second = try session.answer(everywhere)
    #expect(first.visionCounts == second.visionCounts)
    #expect(first.survivors != second.survivors)
  }

  @Test(
    "features decide alike on any number of threads",
    arguments: [VisionChoice.distinct, .diverse, .bipartite])
  func threads(_ choice: VisionChoice) throws {
    let model = try Fixtures.session("tiny-late").model
    let answers = try [1, 3].map { count in
      try Session(model: model, threads: ThreadTeam(count: count)).answer(request(choice))
    }
    #expect(answers[0].survivors == answers[1].survivors)
    #expect(answers[0].generated == answers[1].generated)
  }

  @Test("a picture can be shown with the tokens that merging would leave of it")
  func shrinking() throws {
    let session = try Fixtures.session("tiny-late")
    let merged = try session.answer(request(nil))
    var request = request(nil)
    request.shrinksLike = request.merging
    request.merging = MergeParameters(profile: .off)
    let shrunk = try session.answer(request)
    #expect(shrunk.steps.isEmpty)
    // 256×192 in groups of 32 pixels: 8 × 6 groups are shrunk to 4 × 4, closest to the 17 left.
    for (own, other) in zip(shrunk.survivors, merged.survivors) {
      #expect(abs(own.count - other.count) <= 1)
    }
    #expect(shrunk.visualTokens == shrunk.visualTokensLeft)
    #expect(shrunk.sources[0].shown.width >= shrunk.sources[0].shown.height)
  }

  @Test("a small picture is not merged in the ViT by default, and is planned and shrunk like that")
  func smallPictures() throws {
    let session = try Fixtures.session("tiny-late")
    var request = Request(prompt: "What is shown?")
    request.media = [MediaItem(path: Fixtures.path("media/picture0.png"))]
    request.maxNewTokens = 2
    request.maxPixels = 128 * 128
    let answer = try session.answer(request)
    #expect(answer.visualTokens < MergeProfile.standard.visionMinTokens)
    #expect(answer.steps.allSatisfy { $0.stage == .text })
    #expect(answer.visionCounts == [answer.visualTokens])
    #expect(answer.visualTokensLeft < answer.visualTokens)
    #expect(answer.merging.notes.contains { $0.contains("too few to merge") })
    #expect(try session.plan(request).merging == answer.merging)

    var shrunk = request
    shrunk.shrinksLike = request.merging
    shrunk.merging = MergeParameters(profile: .off)
    #expect(abs(try session.answer(shrunk).visualTokens - answer.visualTokensLeft) <= 1)

    request.merging.visionMinTokens = 0
    let merged = try session.answer(request)
    #expect(merged.visionCounts.reduce(0, +) < merged.visualTokens)

    // 48 tokens are enough to merge where 40 should be left, and about that many are left.
    request.maxPixels = nil
    request.merging.visionMinTokens = 40
    #expect(abs(try session.answer(request).visionCounts.reduce(0, +) - 40) <= 2)
  }
}
