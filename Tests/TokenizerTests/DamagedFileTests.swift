import Basics
import Diagnostics
import Testing

@testable import Tokenizer

@Suite struct DamagedFileTests {
  private func failure(_ files: [String: [UInt8]]) -> Failure? {
    do {
      _ = try Fixtures.load(files)
      return nil
    } catch {
      return error as? Failure
    }
  }

  /// Replaces the first occurrence of a text, which must exist.
  private func replacing(_ old: String, with new: String, in file: String) throws -> [UInt8] {
    let text = try Fixtures.text(file)
    let range = try #require(text.range(of: old), "\(old)")
    return Array(text.replacingCharacters(in: range, with: new).utf8)
  }

  @Test(arguments: [
    ("\"!\": 0", "\"!\": 1", "1 comes again"),
    ("\"!\": 0", "\"#\": 0", "# comes again"),
    ("\"!\": 0", "\"!\": -1", "not -1"),
    ("\"!\": 0", "\"!\": 99999999999", "not 99999999999"),
    ("\"!\": 0", "\"!\": 99999999999999999999", "whole number"),
    ("\"!\": 0", "\"!\": 0.5", "whole number"),
    ("\"!\": 0", "\"!\": \"0\"", "whole number"),
    ("\"!\": 0,", "", "no token for the byte 33"),
    ("\"h\",", "\"hxq\",", "“hxq”"),
    ("\"h\",", "7,", "text in quotes"),
    ("\"h\",", "", "not 1"),
    ("\"h\",", "\"h\", \"h\",", "not more"),
    ("\"vocab\"", "\"vocabulary\"", "“vocab”"),
    ("\"id\": 446", "\"id\": 7", "not 7"),
    ("\"id\": 446", "\"id\": 447", "not 447"),
    ("\"id\": 446", "\"id\": -446", "not -446"),
    ("\"id\": 446", "\"id\": 4e2", "an id of its own"),
    ("\"id\": 446", "\"id\": null", "“id”"),
    ("\"added_tokens\": [", "\"added_tokens\": 5, \"x\": [", "array"),
    ("<|im_end|>", "!", "its id in the vocabulary, 0, not 446"),
    ("<|im_end|>", "\\ud800", "half a character"),
    ("<|im_end|>", "\\q", "a backslash and a letter"),
  ]) func aDamagedTokenizerFileIsRefused(old: String, new: String, says: String) throws {
    let bytes = try replacing(old, with: new, in: "json/tokenizer.json")
    let found = try #require(failure(["tokenizer.json": bytes]))
    #expect(found.kind == .modelUnusable && found.code == .tokenizerFileDamaged)
    #expect(found.message.contains(says), "\(found.message)")
  }

  @Test(arguments: [
    ("(?i:'s|", "(?i:'x|", "isolates the pattern"),
    ("\"Isolated\"", "\"Removed\"", "isolates"),
    ("\"NFC\"", "\"NFKC\"", "NFC"),
    ("\"BPE\"", "\"Unigram\"", "BPE"),
    ("\"ignore_merges\": false", "\"ignore_merges\": true", "ignore_merges"),
    ("\"byte_fallback\": false", "\"byte_fallback\": true", "byte_fallback"),
  ]) func anotherKindOfTokenizerIsRefused(old: String, new: String, says: String) throws {
    let bytes = try replacing(old, with: new, in: "json/tokenizer.json")
    let found = try #require(failure(["tokenizer.json": bytes]))
    #expect(found.code == .tokenizerUnsupported)
    #expect(found.message.contains(says), "\(found.message)")
    #expect(found.message.contains("tokenizer.json"))
  }

  @Test(arguments: [
    ("vocab.json", "\"!\":", "\"!\"", "vocab.json, line 1"),
    ("merges.txt", "h e", "h", "merges.txt, line 2"),
    ("merges.txt", "h e", "h e x", "merges.txt, line 2"),
    ("merges.txt", "h e", "h \u{4E2D}", "merges.txt, line 2"),
    ("added_tokens.json", "446", "true", "added_tokens.json, line"),
    ("added_tokens.json", "447", "446", "not 446"),
    ("tokenizer_config.json", "\"446\"", "\"first\"", "added_tokens_decoder"),
    ("tokenizer_config.json", "Qwen2Tokenizer", "GPT2Tokenizer", "GPT2Tokenizer"),
  ]) func damagedSeparateFilesAreNamed(
    file: String, old: String, new: String, says: String
  ) throws {
    var files = try Fixtures.mergesFiles()
    files[file] = try replacing(old, with: new, in: "merges/\(file)")
    let found = try #require(failure(files))
    #expect(found.kind == .modelUnusable && found.message.contains(says), "\(found.message)")
  }

  @Test func aFileCutShortIsRefusedWhereverItEnds() throws {
    let bytes = try Fixtures.bytes("json/tokenizer.json")
    for end in stride(from: 0, to: bytes.count - 2, by: 331) {
      let found = failure(["tokenizer.json": Array(bytes[..<end])])
      #expect(found?.kind == .modelUnusable, "cut at \(end)")
    }
  }

  @Test func changedBytesNeverDoMoreThanFail() throws {
    let bytes = try Fixtures.bytes("json/tokenizer.json")
    var random = SplitMix64(seed: 11)
    var refused = 0
    for _ in 0..<60 {
      var damaged = bytes
      for _ in 0..<3 {
        damaged[Int.random(in: 0..<bytes.count, using: &random)] = UInt8(
          truncatingIfNeeded: random.next())
      }
      if failure(["tokenizer.json": damaged]) != nil { refused += 1 }
    }
    #expect(refused > 30)
  }

  @Test func deepNestingIsRefused() throws {
    let deep = [UInt8](repeating: 0x5B, count: 100_000)
    for head in ["{\"x\":", "{\"model\":{\"vocab\":"] {
      let found = try #require(failure(["tokenizer.json": Array(head.utf8) + deep]))
      #expect(found.message.contains("deep in each other"))
    }
  }

  @Test func textThatIsNotUTF8IsRefused() throws {
    var bytes = try Fixtures.bytes("json/tokenizer.json")
    bytes[bytes.count / 2] = 0xFF
    let found = try #require(failure(["tokenizer.json": bytes]))
    #expect(found.message.contains("UTF-8"))
  }

  @Test func aFolderWithoutTheFilesIsRefused() throws {
    #expect(failure([:])?.code == .tokenizerFilesMissing)
    var files = try Fixtures.mergesFiles()
    files["merges.txt"] = nil
    #expect(failure(files)?.code == .tokenizerFilesMissing)
    #expect(throws: Failure.self) { try Tokenizer(folder: "/no/such\u{0}folder") }
  }

  @Test func addedTokensMayComeFromEitherFileAlone() throws {
    var files = try Fixtures.mergesFiles()
    files["added_tokens.json"] = nil
    #expect(try Fixtures.load(files).addedTokens.count == 14)
    files = try Fixtures.mergesFiles()
    files["tokenizer_config.json"] = Array(
      #"{"eos_token": "<|im_end|>", "pad_token": {"content": "<|endoftext|>"}}"#.utf8)
    let special = try Fixtures.load(files).addedTokens.filter(\.isSpecial).map(\.content)
    #expect(special == ["<|im_end|>", "<|endoftext|>"])
  }
}
