import Basics
import Diagnostics
import Foundation
import Grammar
import Models
import Testing
import Tokenizer

@testable import Engine

@Suite("Answers of a given form")
struct FormTests {
  private func request(_ form: AnswerForm, seed: UInt64 = 0) -> Request {
    var request = Request(prompt: "What is shown?")
    request.media = [MediaItem(path: Fixtures.path("media/picture0.png"))]
    request.maxNewTokens = 120
    request.form = form
    request.sampling.temperature = 1
    request.sampling.seed = seed
    return request
  }

  private static let schema = """
    {"type": "object", "properties": {"person": {"type": "boolean"}, "count": {"type": "integer", \
    "minimum": 0, "maximum": 20}, "place": {"enum": ["door", "garden"]}, "note": {"type": "string", \
    "maxLength": 5}}, "required": ["person", "count", "place", "note"], "additionalProperties": false}
    """

  @Test("an answer by a schema is valid at any temperature, and its value is read")
  func schemas() throws {
    let session = try Fixtures.session("tiny-late")
    session.remembersMedia = true
    for seed in 0..<12 {
      let answer = try session.answer(request(.schema(Self.schema), seed: UInt64(seed)))
      #expect(answer.finishReason == .stop, "\(answer.text)")
      let value = try #require(answer.value)
      #expect(value["person"]?.truth != nil)
      guard case .integer(let count)? = value["count"] else {
        Issue.record("no count in \(answer.text)")
        continue
      }
      #expect((0...20).contains(count))
      #expect(["door", "garden"].contains(value["place"]?.string))
      #expect(value["note"]?.string.map { $0.unicodeScalars.count <= 5 } == true)
      let tokenizer = session.model.assets.tokenizer
      #expect(tokenizer.decode(answer.generated, skipSpecial: true) == answer.text)
      // The names are not asked of the model.
      #expect(answer.logprobs.count { $0.logprob == nil } > 10)
    }
  }

  @Test("an answer by an expression fits it, and ends where it can")
  func expressions() throws {
    let session = try Fixtures.session("tiny-late")
    for seed in 0..<6 {
      let answer = try session.answer(request(.regex("(yes|no), \\d{1,3}%"), seed: UInt64(seed)))
      #expect(answer.text.wholeMatch(of: /(yes|no), [0-9]{1,3}%/) != nil, "\(answer.text)")
      #expect(answer.finishReason == .stop && answer.value == nil)
    }
  }

  @Test("what is cut off has no value, and says so")
  func cutOff() throws {
    let session = try Fixtures.session("tiny-late")
    var request = request(.schema(Self.schema))
    request.maxNewTokens = 7
    let answer = try session.answer(request)
    #expect(answer.generated.count == 7)
    #expect(answer.finishReason == .length && answer.value == nil)
    #expect(answer.endNotes.contains { $0.contains("cut off after 7 tokens") })
  }

  @Test("a form that cannot be compiled is refused before anything is looked at")
  func refused() throws {
    var request = request(.schema(#"{"not": {}}"#))
    request.media = [MediaItem(path: "/nowhere.png")]
    let session = try Fixtures.session("tiny-late")
    let failure = #expect(throws: Failure.self) { try session.answer(request) }
    #expect(failure?.code == .grammarUnsupported)
  }

  @Test("forced bytes are cut into tokens as the model cuts them")
  func forcedTokens() throws {
    let tokenizer = try Fixtures.session("tiny-late").model.assets.tokenizer
    let trie = TokenTrie(idBound: tokenizer.idBound) { tokenizer.bytes(ofTextToken: $0) }
    for text in ["the person in the garden", "{\"naïve\": \"東京\"}", "  \n x", "e\u{301}tude"] {
      let pattern = text.unicodeScalars.map { "\\u{\(String($0.value, radix: 16))}" }.joined()
      let guide = try TokenGuide(try .regex(pattern), trie, stopTokens: [], idBound: 464)
      let forced = try ForcedTokens(guide, tokenizer)
      if text.unicodeScalars.contains("\u{301}") {
        // The tokenizer would compose it, which is another text.
        #expect(forced.bytes.isEmpty || text.utf8.starts(with: forced.bytes))
        continue
      }
      #expect(forced.tokens == tokenizer.encode(text), "\(text)")
      #expect(forced.bytes == Array(text.utf8))
    }
    // Where the text may go on, no token is cut off that a longer one could replace.
    let guide = try TokenGuide(try .regex("the( person| p)"), trie, stopTokens: [], idBound: 464)
    let open = try ForcedTokens(guide, tokenizer)
    let whole = tokenizer.encode("the person")
    #expect(Array(whole.prefix(open.tokens.count)) == open.tokens)
  }

  @Test("repetition is seen late, and only where it is exact")
  func repetition() {
    let once = (0..<40).map { Int32($0) }
    let eight = Array(
      repeating: [7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22], count: 8
    )
    .flatMap { $0.map { Int32($0) } }
    #expect(Repetition.ends(once + eight))
    #expect(!Repetition.ends(once + eight.dropFirst()))
    #expect(!Repetition.ends(once + eight + [1]))
    #expect(Repetition.ends(Array(repeating: 3, count: 128)))
    #expect(!Repetition.ends(Array(repeating: 3, count: 127)))
    #expect(!Repetition.ends((0..<300).map { Int32($0 % 65) }))
  }

  @Test("probabilities are those of the logits, whatever the temperature")
  func logprobs() throws {
    let session = try Fixtures.session("tiny-late")
    var request = request(.free)
    request.maxNewTokens = 5
    request.topLogprobs = 3
    request.stops = false
    let dump = AnswerDump()
    let answer = try session.answer(request, dump: dump)
    let logits = try #require(dump.floats("logits")).map { Double($0) }
    let top = logits.max() ?? 0
    let total = top + log(logits.reduce(0) { $0 + exp($1 - top) })
    let first = try #require(answer.logprobs.first)
    #expect(abs(Double(try #require(first.logprob)) - (logits[Int(first.token)] - total)) < 1e-4)
    #expect(first.top.count == 3)
    #expect(first.top[0].token == Int32(try #require(logits.firstIndex(of: top))))
    #expect(abs(Double(first.top[0].logprob) - (top - total)) < 1e-4)
    let sum = answer.logprobs.compactMap(\.logprob).reduce(0, +)
    #expect(abs(try #require(answer.confidence) - exp(Double(sum) / 5)) < 1e-5)
  }
}
