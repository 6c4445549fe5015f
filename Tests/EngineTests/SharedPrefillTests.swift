import Diagnostics
import Engine
import Merging
import Models
import Options
import Testing

/// Several questions about the same media share the prefill of what they have in common.
@Suite("One prefill for several questions")
struct SharedPrefillTests {
  /// Checkpoints of all families: caches in every layer, packed runs, states.
  static let folders = [
    "tiny-early", "qwen2-vl/tiny", "qwen2.5-vl/tiny", "internvl/tiny", "llava-onevision/tiny",
    "qwen3.5/tiny",
  ]

  private func request(_ prompt: String, _ profile: MergeProfile = .tuned) -> Request {
    var request = Request(prompt: prompt)
    request.media = [MediaItem(path: Fixtures.path("media/picture0.png"))]
    request.merging = MergeParameters(profile: profile)
    request.choices.thinking = .off
    request.maxNewTokens = 6
    request.topLogprobs = 5
    return request
  }

  /// Whether two answers are the same but for the order in which sums were taken.
  private func expectEqual(_ one: Answer, _ other: Answer, tolerance: Float) {
    #expect(one.generated == other.generated)
    #expect(one.survivors == other.survivors)
    #expect(one.steps == other.steps)
    #expect(one.cacheLengths == other.cacheLengths)
    for (left, right) in zip(one.logprobs, other.logprobs) {
      for (one, other) in zip(left.top, right.top) {
        #expect(abs(one.logprob - other.logprob) < tolerance)
      }
    }
  }

  @Test(
    "answers are those of separate prefills, and the visual part is read once", arguments: folders)
  func equal(folder: String) throws {
    for profile in [MergeProfile.off, .tuned] {
      let session = try Fixtures.session(folder)
      session.remembersMedia = true
      for (index, prompt) in ["What is shown?", "What is there to be seen?", "Why?"].enumerated() {
        let shared = try session.answer(request(prompt, profile))
        let alone = try Fixtures.session(folder).answer(request(prompt, profile))
        expectEqual(shared, alone, tolerance: 1e-4)
        #expect(alone.sharedTokens == 0)
        #expect((shared.sharedTokens >= shared.visualTokens) == (index > 0))
      }
    }
  }

  @Test("the same question again gives the same answer")
  func again() throws {
    for folder in ["tiny-early", "qwen3.5/tiny"] {
      let session = try Fixtures.session(folder)
      session.remembersMedia = true
      let first = try session.answer(request("What is shown?"))
      let second = try session.answer(request("What is shown?"))
      expectEqual(first, second, tolerance: 1e-4)
      #expect(second.sharedTokens > second.visualTokens)
    }
  }

  @Test("survivors that depend on the question are chosen anew")
  func dependent() throws {
    let session = try Fixtures.session("tiny-early")
    session.remembersMedia = true
    for prompt in ["What is shown?", "Why?"] {
      var asked = request(prompt)
      asked.merging.textChoice = .question
      let shared = try session.answer(asked)
      #expect(shared.sharedTokens == 0)
      expectEqual(shared, try Fixtures.session("tiny-early").answer(asked), tolerance: 0.000_1)
    }
  }

  @Test("another merging, other media and another system turn are read anew")
  func others() throws {
    let session = try Fixtures.session("tiny-early")
    session.remembersMedia = true
    _ = try session.answer(request("Why?"))
    var fewer = request("Why?")
    fewer.merging.textRetention = .share(0.5)
    var system = request("Why?")
    system.system = "Be brief."
    var other = request("Why?")
    other.media.append(MediaItem(path: Fixtures.path("media/picture0.png")))
    for changed in [fewer, system, other] {
      let answer = try session.answer(changed)
      #expect(answer.sharedTokens == 0)
      expectEqual(
        answer, try Fixtures.session("tiny-early").answer(changed), tolerance: 1e-4)
    }
  }

  @Test("a longer question and a longer answer find room")
  func longer() throws {
    for folder in ["tiny-early", "qwen3.5/tiny"] {
      let session = try Fixtures.session(folder)
      session.remembersMedia = true
      _ = try session.answer(request("Why?"))
      var long = request(String(repeating: "What is it that is shown here? ", count: 40))
      long.maxNewTokens = 40
      let shared = try session.answer(long)
      #expect(shared.sharedTokens > 0)
      expectEqual(shared, try Fixtures.session(folder).answer(long), tolerance: 1e-3)
    }
  }

  @Test("choices and forms share the prefill too", arguments: ["tiny-early", "qwen3.5/tiny"])
  func forms(folder: String) throws {
    let session = try Fixtures.session(folder)
    session.remembersMedia = true
    for (index, prompt) in ["Is it red?", "Is it round?"].enumerated() {
      var asked = request(prompt)
      asked.form = .choices(["yes", "no", "nobody knows"])
      let shared = try session.answer(asked)
      let alone = try Fixtures.session(folder).answer(asked)
      #expect((shared.sharedTokens > 0) == (index > 0))
      #expect(shared.text == alone.text)
      for (one, other) in zip(shared.choices, alone.choices) {
        #expect(abs(one.confidence - other.confidence) < 1e-4)
      }
    }
  }

  @Test("the plan counts the states that are kept for other questions")
  func planned() throws {
    let session = try Fixtures.session("qwen3.5/tiny")
    let alone = try session.plan(request("Why?"))
    session.remembersMedia = true
    #expect(try session.plan(request("Why?")).cost.cache > alone.cost.cache)
  }
}
