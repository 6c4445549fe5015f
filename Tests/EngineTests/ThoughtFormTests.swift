import Compute
import Diagnostics
import Grammar
import Models
import Options
import Testing

@testable import Engine

@Suite("Thoughts before answers of a given form")
struct ThoughtFormTests {
  private func request(_ form: AnswerForm, seed: UInt64 = 0) -> Request {
    var request = Request(prompt: "Is it?")
    request.choices.thinking = .on
    request.form = form
    request.maxNewTokens = 3000
    // So that thoughts end by chance.
    request.sampling.temperature = 5
    request.sampling.seed = seed
    return request
  }

  @Test("a form binds what follows the thought, whether its marker or a stop token ends it")
  func bound() throws {
    let session = try Fixtures.session("qwen3.5/tiny")
    let tokenizer = session.model.assets.tokenizer
    for seed in 0..<6 {
      var events = SessionEvents()
      var (thought, text) = ("", "")
      events.thought = { thought += $0 }
      events.text = { text += $0 }
      let answer = try session.answer(
        request(.regex("\\n?(yes|no), \\d{1,3}%"), seed: UInt64(seed)), events: events)
      #expect(answer.text.wholeMatch(of: /\n?(yes|no), [0-9]{1,3}%/) != nil, "\(answer.text)")
      #expect(answer.text == text && answer.finishReason == .stop)
      #expect(answer.thought.map(thought.hasPrefix) == true && thought.count > 3)
      let written = tokenizer.decode(answer.generated, skipSpecial: true)
      #expect(written.hasSuffix("</think>\n\n" + answer.text))
      // Only the tokens of the answer say how sure the model is.
      let said = answer.logprobs.map(\.token)
      #expect(tokenizer.decode(said, skipSpecial: true) == answer.text)
    }
  }

  @Test("choices are compared after the thought")
  func choices() throws {
    let session = try Fixtures.session("qwen3.5/tiny")
    let model = session.model
    let tokenizer = model.assets.tokenizer
    let texts = ["the", "no"]
    let answer = try session.answer(request(.choices(texts)))
    #expect(texts.contains(answer.text) && answer.thought != nil && answer.logprobs.isEmpty)
    let marker = try #require(tokenizer.id(ofSpecial: "</think>"))
    let end = try #require(answer.generated.firstIndex(of: marker))
    let thought = answer.generated[...end] + tokenizer.encode("\n\n")
    #expect(answer.generated.starts(with: thought))

    let generation = try ChoiceTests.generation(model, room: thought.count + 8, thinking: .on)
    let threads = ThreadTeam(count: 1)
    for token in thought { try generation.advance(by: [token], threads: threads) }
    let tree = ChoiceTree(
      choices: texts.map { Array($0.utf8) },
      trie: TokenTrie(idBound: tokenizer.idBound) { tokenizer.bytes(ofTextToken: $0) },
      tokenBytes: tokenizer.bytes(ofTextToken:), stopTokens: model.assets.stopTokens.sorted(),
      threads: threads)
    let (found, _) = try tree.follow(generation, check: nil)
    for (choice, expected) in zip(answer.choices, found) {
      #expect(abs(choice.logprob - expected.logprob) < 1e-2, "\(choice)")
    }
  }

  @Test(
    "where the thought takes all tokens there is no answer, and one note says so",
    arguments: [.free, .choices(["the", "no"]), .regex("yes|no")] as [AnswerForm])
  func unfinished(_ form: AnswerForm) throws {
    var request = request(form)
    request.maxNewTokens = 3
    request.sampling.temperature = 0
    request.stops = false
    let answer = try Fixtures.session("qwen3.5/tiny").answer(request)
    #expect(answer.text.isEmpty && answer.choices.isEmpty && answer.confidence == nil)
    #expect(answer.endedThinking && answer.generated.count == 3)
    #expect(answer.endNotes.count == 1 && answer.endNotes[0].contains("still thinking"))
  }
}
