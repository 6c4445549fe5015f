import Basics
import Diagnostics
import Testing

@testable import Tokenizer

@Suite struct SentencePieceFileTests {
  private func model() throws -> [UInt8] {
    try Fixtures.bytes("sentencepiece/plain/tokenizer.model")
  }

  private func failure(
    _ model: [UInt8], config: String = #"{"tokenizer_class": "InternLM2Tokenizer"}"#
  ) -> Failure? {
    failure(["tokenizer.model": model, "tokenizer_config.json": Array(config.utf8)])
  }

  private func failure(_ files: [String: [UInt8]]) -> Failure? {
    do {
      _ = try Fixtures.load(files)
      return nil
    } catch {
      return error as? Failure
    }
  }

  /// A field of bytes; all tests need less than 128.
  private func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] {
    [number << 3 | 2, UInt8(bytes.count)] + bytes
  }

  /// A piece with a score of 1 that is not in the model yet.
  private func piece(_ text: String, role: UInt8 = 1) -> [UInt8] {
    field(1, field(1, Array(text.utf8)) + [0x15, 0, 0, 0x80, 0x3F, 0x18, role])
  }

  @Test func aFileCutShortIsRefusedOrLacksPieces() throws {
    let bytes = try model()
    var refused = 0
    for end in stride(from: 0, to: bytes.count, by: 97) {
      let found = failure(Array(bytes[..<end]))
      #expect(found == nil || found?.kind == .modelUnusable)
      if found != nil { refused += 1 }
    }
    #expect(refused > 50)
  }

  @Test func changedBytesNeverDoMoreThanFail() throws {
    let bytes = try model()
    var random = SplitMix64(seed: 12)
    var refused = 0
    for _ in 0..<400 {
      var damaged = bytes
      for _ in 0..<3 {
        damaged[Int.random(in: 0..<bytes.count, using: &random)] = UInt8(
          truncatingIfNeeded: random.next())
      }
      let found = failure(damaged)
      #expect(found == nil || found?.kind == .modelUnusable)
      if found != nil { refused += 1 }
    }
    #expect(refused > 100)
  }

  @Test(
    arguments: [
      ([0x0A, 0x7F, 0x00], "127 more bytes"),
      ([0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01], "18446744073709551615"),
      ([0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x02], "at most 64 bits"),
      ([0x80], "the rest of a number"), ([0x02, 0x00], "a number from 1"),
      ([0x0B], "a type of field"), ([0x0D, 0x00], "4 more bytes"), ([0x09, 0x00], "8 more bytes"),
      ([0x0A, 0x00], "a piece of 1 to 256 bytes"), ([0x0A, 0x03, 0x0A, 0x01, 0xFF], "in UTF-8"),
      ([0x0A, 0x05, 0x0A, 0x01, 0x41, 0x18, 0x07], "from 1 to 6, not 7"),
      ([0x0A, 0x08, 0x0A, 0x01, 0x51, 0x15, 0, 0, 0xC0, 0x7F], "a number as the score"),
      ([0x0A, 0x03, 0x0A, 0x01, 0x61], "a comes again"),
    ] as [([UInt8], String)]) func damageIsNamed(bytes: [UInt8], says: String) throws
  {
    let found = try #require(failure(try model() + bytes))
    #expect(found.code == .tokenizerFileDamaged)
    #expect(found.message.contains(says) && found.message.contains("tokenizer.model"), "\(found)")
  }

  @Test func aPieceThatIsTooLongIsRefused() throws {
    let text = [UInt8](repeating: 0x78, count: 300)
    let inner = [0x0A, 0xAC, 0x02] + text
    let found = try #require(failure(try model() + [0x0A, 0xAF, 0x02] + inner))
    #expect(found.message.contains("1 to 256 bytes"))
  }

  @Test(
    arguments: [
      ([0x12, 0x02, 0x18, 0x01], "BPE"),
      ([0x12, 0x03, 0xC0, 0x01, 0x01], "treat_whitespace_as_suffix"),
      ([0x1A, 0x02, 0x20, 0x01], "remove_extra_whitespaces"),
      ([0x1A, 0x02, 0x28, 0x00], "escape_whitespaces"),
      ([0x1A, 0x03, 0x12, 0x01, 0x41], "identity"), ([0x2A, 0x03, 0x12, 0x01, 0x41], "identity"),
    ] as [([UInt8], String)]) func anotherKindIsRefused(bytes: [UInt8], says: String) throws
  {
    let found = try #require(failure(try model() + bytes))
    #expect(found.code == .tokenizerUnsupported && found.message.contains(says), "\(found)")
  }

  @Test func anUnusedPieceIsRefusedOnlyWhereTextCouldBecomeIt() throws {
    #expect(failure(try model() + piece("xq#z", role: 5)) == nil)
    let found = try #require(failure(try model() + piece("thethe", role: 5)))
    #expect(found.code == .tokenizerUnsupported && found.message.contains("unused"))
  }

  @Test func charactersThatAreOnlyPartsStillMerge() throws {
    // Neither 木 nor 林 is a token of the model.
    let extended = try model() + piece("木林")
    let tokenizer = try Fixtures.load([
      "tokenizer.model": extended,
      "tokenizer_config.json": Array(#"{"add_bos_token": false}"#.utf8),
    ])
    let ids = tokenizer.encode("a木林木")
    #expect(ids.count == 5 && tokenizer.decode(ids, skipSpecial: false) == "a木林木")
  }

  @Test(arguments: [
    (#"{"tokenizer_class": "T5Tokenizer"}"#, "T5Tokenizer"),
    (#"{"tokenizer_class": "LlamaTokenizer", "legacy": false}"#, "legacy"),
    (#"{"tokenizer_class": "InternLM2Tokenizer", "add_eos_token": true}"#, "add_eos_token"),
    (#"{"tokenizer_class": "InternLM2Tokenizer", "bos_token": "<start>"}"#, "“<start>”"),
    ("[]", "an object"),
  ]) func classesThatChangeTheFileAreRefused(config: String, says: String) throws {
    let found = try #require(failure(try model(), config: config))
    #expect(found.kind == .modelUnusable && found.message.contains(says), "\(found)")
  }

  @Test(arguments: [
    ("\"Metaspace\"", "\"Whitespace\"", "pre_tokenizer"),
    ("\"split\": false", "\"split\": true", "split"),
    ("\"never\"", "\"often\"", "often"), ("\"Fuse\"", "\"Metaspace\"", "decoder"),
    ("\"start\": 1", "\"start\": 2", "decoder"), ("\"<0x41>\"", "\"<0x4>\"", "the byte 65"),
    ("\"normalizer\": null", "\"normalizer\": {\"type\": \"NFC\"}", "normalizer"),
    ("\"ids\": [", "\"ids\": [-1, ", "post_processor"),
    ("\"ignore_merges\": false", "\"ignore_merges\": true", "ignore_merges"),
  ]) func anotherKindOfTokenizerFileIsRefused(old: String, new: String, says: String) throws {
    let text = try Fixtures.text("sentencepiece/json/tokenizer.json")
    try #require(text.contains(old))
    let found = try #require(
      failure(["tokenizer.json": Array(text.replacing(old, with: new, maxReplacements: 1).utf8)]))
    #expect(found.kind == .modelUnusable && found.message.contains(says), "\(found)")
  }
}
