import Diagnostics
import Grammar
import Testing

@Suite("Tokens that may come next")
struct TokenGuideTests {
  private let schema =
    #"{"type": "object", "properties": {"name": {"enum": ["yes", "no"]}}, "required": ["name"]}"#

  @Test(
    "the mask is what brute force over the vocabulary allows, at every step",
    arguments: [
      "{\"properties\": {\"name\": {\"enum\": [\"yes\", \"no\"]}}, \"required\": [\"name\"]}",
      "{\"type\": \"string\", \"maxLength\": 3}",
      "{\"type\": \"string\", \"maxLength\": 90}",
      "{\"type\": \"string\", \"minLength\": 50, \"maxLength\": 52}",
      "{\"type\": \"string\", \"minLength\": 40}",
      "{\"type\": \"string\", \"pattern\": \"b\", \"maxLength\": 45}",
      "{\"type\": \"array\", \"maxItems\": 45, \"items\": {\"type\": \"string\", \"maxLength\": 2}}",
      "true",
    ])
  func masksOfSchemas(_ schema: String) throws { try check(try Grammar.schema(schema)) }

  @Test(
    "the mask of an expression is what brute force allows, at every step",
    arguments: [
      "(tr|true|12)*é?", "[a-c]{3,80}", "(ab|c){2,70}d", "(a?){0,60}b", "((ab){0,40}c){0,40}",
      "(a|ab|b){50,60}", "[^x]{1,70}", "(a{1,3}b?){36,}", "(東京|é){1,50}", ".{34}",
    ])
  func masksOfExpressions(_ expression: String) throws {
    try check(try Grammar.regex(expression))
  }

  /// Compares masks on a way through a form with short tokens and long ones.
  private func check(_ grammar: Grammar) throws {
    let guide = try Vocabulary.guide(grammar)
    let fresh = try Vocabulary.guide(grammar)
    var text: [UInt8] = []
    for step in 0..<60 {
      let mask = try guide.mask()
      fresh.restart()
      #expect(try fresh.accept(text))
      for id in 0..<Int32(Vocabulary.trie.idBound) where step % 10 == 0 || id >= 0x20 && id != 0x7F
      {
        let isTaken = try fresh.accept(bytes(id))
        if mask.contains(id) != isTaken { Issue.record("\(id) after \(text)") }
        if isTaken {
          fresh.restart()
          _ = try fresh.accept(text)
        }
      }
      #expect(mask.contains(Vocabulary.end) == guide.isComplete)
      let tokens = mask.ids.filter { $0 != Vocabulary.end }
      // Every eighth token is one of the longest, the others are any.
      guard !tokens.isEmpty else { break }
      let token = tokens[step % 8 == 7 ? tokens.count - 1 : step * 37 % tokens.count]
      #expect(try guide.accept(bytes(token)))
      text += bytes(token)
    }
    #expect(!text.isEmpty)
  }

  private func bytes(_ id: Int32) -> [UInt8] {
    id < 256 ? [UInt8(id)] : Array(Vocabulary.words[Int(id) - 256].utf8)
  }

  @Test("the end token may come where the form is complete, and nothing else where it is finished")
  func ends() throws {
    let guide = try Vocabulary.guide(try Grammar.regex("no|nono"))
    #expect(try !guide.mask().contains(Vocabulary.end))
    #expect(try guide.accept("no".utf8))
    #expect(try guide.mask().contains(Vocabulary.end) && !guide.isFinished)
    #expect(try guide.accept("no".utf8))
    #expect(try guide.mask().ids == [Vocabulary.end] && guide.isFinished)
    guide.restart()
    #expect(try !guide.mask().contains(Vocabulary.end))
  }

  @Test("bytes that have to come are known, and from where on the model decides how they are cut")
  func forced() throws {
    let guide = try Vocabulary.guide(try Grammar.schema(schema))
    let forced = try guide.forcedBytes()
    #expect(String(decoding: forced, as: UTF8.self) == #"{"name": ""#)
    // The last quote could become a longer token only if there were one such as “"yes”.
    #expect(try guide.firstOpenEnd(in: forced) == forced.count)
    #expect(try guide.accept(forced + Array("y".utf8)))
    let rest = try guide.forcedBytes()
    #expect(String(decoding: rest, as: UTF8.self) == "es\"}")
    #expect(try guide.firstOpenEnd(in: rest) == rest.count)
    #expect(try guide.accept(rest) && guide.isFinished)

    let open = try Vocabulary.guide(try Grammar.regex("t(rue|r1)"))
    let first = try open.forcedBytes()
    #expect(String(decoding: first, as: UTF8.self) == "tr")
    // “true” is a token, so that “tr” must not be cut off before it.
    #expect(try open.firstOpenEnd(in: first) == 0)
  }

  @Test("a space may come before an answer where a tokenizer puts one there")
  func firstSpace() throws {
    let guide = try TokenGuide(
      try .regex("yes"), Vocabulary.trie, stopTokens: [], idBound: 301, mayBeginWithSpace: true)
    #expect(try guide.mask().contains(0x20) && guide.mask().contains(0x79))
    #expect(try guide.forcedBytes().isEmpty)
    #expect(try guide.accept(" ".utf8) && !guide.accept(" ".utf8))
    #expect(try guide.accept("yes".utf8) && guide.isFinished)
    guide.restart()
    #expect(try guide.accept("yes".utf8) && guide.isFinished)
  }

  @Test("a wrong text is not taken, and changes nothing")
  func wrongText() throws {
    let guide = try Vocabulary.guide(try Grammar.regex("yes"))
    #expect(try !guide.accept("yn".utf8))
    #expect(try guide.accept("yes".utf8) && guide.isFinished)
  }

  @Test("states are forgotten when there are too many, without a difference")
  func forgetting() throws {
    let grammar = try Grammar.schema(#"{"type": "string", "maxLength": 60000}"#)
    let guide = try Vocabulary.guide(grammar)
    #expect(try guide.accept("\"".utf8))
    for _ in 0..<300 {
      #expect(try guide.accept(Array(repeating: 0x61, count: 100)))
      #expect(try guide.mask().contains(Vocabulary.id("no") ?? -1))
    }
    #expect(try guide.accept(Array(repeating: 0x61, count: 29_999)))
    #expect(try guide.mask().contains(0x61))
    #expect(try guide.accept("a".utf8))
    #expect(try guide.mask().ids.allSatisfy { $0 == 0x22 || Vocabulary.id("\"") == $0 })
    #expect(try guide.accept("\"".utf8) && guide.isFinished)
  }
}
