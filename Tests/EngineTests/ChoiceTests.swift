import Compute
import Diagnostics
import Foundation
import Grammar
import Merging
import Models
import Options
import Testing
import Tokenizer

@testable import Engine

@Suite("Answers by choices")
struct ChoiceTests {
  /// A decoding after a question without pictures.
  static func generation(
    _ model: any VisionLanguageModel, room: Int, thinking: ThinkingChoice = .off
  ) throws -> any Decoding {
    let threads = ThreadTeam(count: 1)
    let merging = try model.resolve(MergeParameters(profile: .off))
    let question = Question(
      visuals: [], text: "Is it?", choices: PromptChoices(thinking: thinking))
    let seen = try model.encode(
      question, merging: merging, threads: threads, observer: ComputeObserver())
    return try model.read(
      seen, ReadingOptions(merging: merging, room: room), threads: threads,
      observer: ComputeObserver())
  }

  /// The probability that the model writes a text and ends, over all ways to cut it into tokens.
  private func bruteForce(
    _ text: [UInt8], _ model: any VisionLanguageModel, _ tokens: [[UInt8]]
  ) throws -> Double {
    let threads = ThreadTeam(count: 1)
    func sum(_ rest: ArraySlice<UInt8>, after path: [Int32]) throws -> Double {
      let generation = try Self.generation(model, room: 16)
      for token in path { try generation.advance(by: [token], threads: threads) }
      let logits = generation.logits.map { Double($0) }
      let top = logits.max() ?? 0
      let total = logits.reduce(0) { $0 + exp($1 - top) }
      if rest.isEmpty {
        return model.assets.stopTokens.reduce(0) { $0 + exp(logits[Int($1)] - top) / total }
      }
      var result = 0.0
      for (id, bytes) in tokens.enumerated() where !bytes.isEmpty && rest.starts(with: bytes) {
        let probability = exp(logits[id] - top) / total
        result +=
          probability * (try sum(rest.dropFirst(bytes.count), after: path + [Int32(id)]))
      }
      return result
    }
    return try sum(text[...], after: [])
  }

  @Test(
    "choices are as likely as the sum over all their tokenizations, prefixes included",
    arguments: ["tiny-early", "qwen3.5/tiny"])
  func sums(_ name: String) throws {
    let model = try Fixtures.session(name).model
    let tokenizer = model.assets.tokenizer
    let trie = TokenTrie(idBound: tokenizer.idBound) { tokenizer.bytes(ofTextToken: $0) }
    let tokens = (0..<Int32(tokenizer.idBound)).map { Array(tokenizer.bytes(ofTextToken: $0)) }
    let choices = ["the", "then", "no", "per", "é"]
    var tree = ChoiceTree(
      choices: choices.map { Array($0.utf8) }, trie: trie,
      tokenBytes: tokenizer.bytes(ofTextToken:), stopTokens: model.assets.stopTokens.sorted(),
      threads: ThreadTeam(count: 1))
    tree.tolerance = 0
    let (found, rest) = try tree.follow(try Self.generation(model, room: 16), check: nil)
    #expect(rest == -.infinity)
    var ways = 0
    for (choice, result) in zip(choices, found) {
      let expected = try bruteForce(Array(choice.utf8), model, tokens)
      #expect(expected > 0)
      #expect(abs(exp(result.logprob) / expected - 1) < 1e-3, "\(choice)")
      #expect(tokenizer.decode(result.tokens, skipSpecial: true) == choice)
      if result.logprob > result.best + 1e-9 { ways += 1 }
    }
    // Some choices can be written in several ways, or the test shows nothing.
    #expect(ways > 0)

    tree.tolerance = 0.05
    let (less, left) = try tree.follow(try Self.generation(model, room: 16), check: nil)
    for (all, some) in zip(found, less) {
      #expect(some.logprob <= all.logprob + 1e-4)
      #expect(exp(all.logprob) - exp(some.logprob) <= exp(left) * 1.001 + 1e-12)
    }
  }

  @Test("a session chooses the likeliest and tells the shares, which sum to 1")
  func session() throws {
    let session = try Fixtures.session("tiny-early")
    var request = Request(prompt: "Is it?")
    request.media = [MediaItem(path: Fixtures.path("media/picture0.png"))]
    request.form = .choices(["no", "the", "then"])
    var pieces: [String] = []
    var events = SessionEvents()
    events.text = { pieces.append($0) }
    let answer = try session.answer(request, events: events)
    #expect(pieces == [answer.text])
    #expect(answer.choices.map(\.text) == ["no", "the", "then"])
    #expect(abs(answer.choices.reduce(0) { $0 + $1.confidence } - 1) < 1e-9)
    let best = try #require(answer.choices.max { $0.confidence < $1.confidence })
    #expect(answer.text == best.text && answer.confidence == best.confidence)
    #expect(answer.choices.max { $0.logprob < $1.logprob } == best)
    // A calibration changes the shares, and with them what is chosen.
    let index = try #require(answer.choices.firstIndex { $0 != best })
    request.choiceCalibration = ChoiceCalibration(scale: 1, bias: index == 0 ? 50 : -50)
    let calibrated = try session.answer(request)
    #expect(calibrated.text != answer.text)
    #expect(calibrated.choices.map(\.logprob) == answer.choices.map(\.logprob))
  }

  @Test(
    "tokens that are read in one go lead where tokens read one by one do, also after going back",
    arguments: ["tiny-late", "qwen3.5/tiny"])
  func batches(_ name: String) throws {
    let model = try Fixtures.session(name).model
    let threads = ThreadTeam(count: 2)
    let tokens = (0..<70).map { Int32($0 * 3 % 256) }
    let single = try Self.generation(model, room: 100)
    for token in tokens { try single.advance(by: [token], threads: threads) }
    let batch = try Self.generation(model, room: 100)
    let start = try batch.place()
    try batch.advance(by: [9, 8, 7], threads: threads)
    #expect(batch.goBack(to: start, keeping: 0) == 0)
    try batch.advance(by: Array(tokens[..<5]) + [1, 2, 3], threads: threads)
    // A state cannot be cut, so that these tokens have to be read again.
    let kept = batch.goBack(to: start, keeping: 5)
    #expect(kept == (name == "tiny-late" ? 5 : 0))
    try batch.advance(by: Array(tokens[kept..<30]), threads: threads)
    let middle = try batch.place()
    for wrong in [[1, 2], [3, 4, 5, 6, 7, 8], [Int32(9)]] {
      try batch.advance(by: wrong, threads: threads)
      #expect(batch.goBack(to: middle, keeping: 0) == 0)
    }
    try batch.advance(by: Array(tokens[30...]), threads: threads)
    let scale = single.logits.map(abs).max() ?? 0
    let difference = zip(single.logits, batch.logits).map { abs($0 - $1) }.max() ?? .infinity
    #expect(difference < 1e-3 * scale, "\(difference) of \(scale)")
  }

  @Test(
    "choices that cannot be told apart or are none are refused",
    arguments: [[], [""], ["a", "b", "a"], [String(repeating: "a", count: 1001)]])
  func refused(_ choices: [String]) {
    var options = QuestionOptions()
    options.choices = choices
    let failure = #expect(throws: Failure.self) { try Request(prompt: "?", options: options) }
    #expect(failure?.code == .grammarChoices)
  }
}
