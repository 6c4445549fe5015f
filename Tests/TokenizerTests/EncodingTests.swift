import Basics
import Testing

@testable import Tokenizer

@Suite struct EncodingTests {
  @Test func idsAreThoseOfTheReference() throws {
    let tokenizer = try Tokenizer(folder: Fixtures.json)
    let rows = try Fixtures.reference().encoded
    #expect(rows.count == 400)
    for row in rows {
      #expect(tokenizer.encode(row.text) == row.ids, "\(row.text.unicodeScalars.map(\.value))")
    }
  }

  @Test func bothWaysOfLoadingGiveTheSameTokenizer() throws {
    let first = try Tokenizer(folder: Fixtures.json)
    let second = try Tokenizer(folder: Fixtures.merges)
    for row in try Fixtures.reference().encoded {
      #expect(second.encode(row.text) == row.ids)
    }
    #expect(first.addedTokens == second.addedTokens)
    #expect(first.vocabularyCount == second.vocabularyCount)
    let all = (0..<Int32(first.idBound)).map { $0 }
    #expect(first.decode(all, skipSpecial: false) == second.decode(all, skipSpecial: false))
  }

  @Test func mergesMayBeWrittenAsOneStringEach() throws {
    // `["a", "b"]` over four lines becomes `"a b"`.
    let text = try Fixtures.text("json/tokenizer.json")
    let start = try #require(text.range(of: "\"merges\""))
    let older = text[start.lowerBound...].replacing(/\[\s*"([^\s]+)",\s*"([^\s]+)"\s*\]/) {
      "\"\($0.1) \($0.2)\""
    }
    #expect(older.contains("\"h e\""))
    let tokenizer = try Fixtures.load([
      "tokenizer.json": Array((text[..<start.lowerBound] + older).utf8)
    ])
    for row in try Fixtures.reference().encoded { #expect(tokenizer.encode(row.text) == row.ids) }
  }

  @Test func specialTokensInTextAreOnlyCharacters() throws {
    let tokenizer = try Tokenizer(folder: Fixtures.json)
    let added = Set(tokenizer.addedTokens.map(\.id))
    for token in tokenizer.addedTokens {
      let ids = tokenizer.encode(token.content)
      #expect(ids.count > 1 && added.isDisjoint(with: ids))
      #expect(tokenizer.decode(ids, skipSpecial: true) == token.content)
    }
  }

  @Test func aSpecialTokenThatMergesLeadToIsStillOnlyCharacters() throws {
    // “he” becomes special in either kind of folder.
    let id = try #require(Tokenizer(folder: Fixtures.json).encode("he").first)
    let json = try Fixtures.text("json/tokenizer.json").replacing(
      "\"added_tokens\": [",
      with: #""added_tokens": [{"id": \#(id), "content": "he", "special": true},"#)
    var files = try Fixtures.mergesFiles()
    files["added_tokens.json"] = Array(#"{"he": \#(id)}"#.utf8)
    files["tokenizer_config.json"] = Array(#"{"eos_token": "he"}"#.utf8)
    for tokenizer in [
      try Fixtures.load(["tokenizer.json": Array(json.utf8)]), try Fixtures.load(files),
    ] {
      #expect(tokenizer.id(ofSpecial: "he") == id)
      let ids = tokenizer.encode("he hears")
      #expect(!ids.contains(id) && tokenizer.decode(ids, skipSpecial: true) == "he hears")
    }
  }

  @Test func specialTokensAreFoundByTheirText() throws {
    let tokenizer = try Tokenizer(folder: Fixtures.json)
    #expect(tokenizer.id(ofSpecial: "<|im_end|>") == 446)
    #expect(tokenizer.id(ofSpecial: "<|vision_start|>") == 455)
    #expect(tokenizer.id(ofSpecial: "<|im_en") == nil)
    #expect(tokenizer.id(ofSpecial: "the") == nil)
    #expect(tokenizer.addedTokens.map(\.id) == Array(446...459))
    #expect(!tokenizer.addedTokens.contains { !$0.isSpecial })
    #expect(tokenizer.vocabularyCount == 460)
    #expect(tokenizer.idBound == 460)
  }

  @Test func bytesThatAreNotUTF8AreReplaced() throws {
    let tokenizer = try Tokenizer(folder: Fixtures.json)
    #expect(tokenizer.encode(utf8: [0x61, 0xFF, 0x62]) == tokenizer.encode("a\u{FFFD}b"))
    #expect(tokenizer.encode(utf8: Array("é".utf8)) == tokenizer.encode("é"))
  }

  @Test func heapAndScanMergeAlike() throws {
    let encoder = try #require(Tokenizer(folder: Fixtures.json).encoder as? ByteLevelEncoder)
    var random = SplitMix64(seed: 3)
    let letters = Array("theatrsinog ".utf8)
    var pairs: [UInt64] = []
    var merged = 0
    for _ in 0..<300 {
      let text = (0..<Int.random(in: 2...80, using: &random)).map { _ in
        letters[Int.random(in: 0..<letters.count, using: &random)]
      }
      var scanned = text.map { encoder.byteTokens[Int($0)] }
      var heaped = scanned
      encoder.merger.mergeShort(&scanned, &pairs)
      encoder.merger.mergeLong(&heaped)
      #expect(scanned == heaped, "\(String(decoding: text, as: UTF8.self))")
      merged += text.count - scanned.count
    }
    #expect(merged > 1_500)
  }

  // Quadratic work would take 2,500,000,000 steps here.
  @Test(.timeLimit(.minutes(1))) func aLongPieceTakesTimeInProportion() throws {
    let tokenizer = try Tokenizer(folder: Fixtures.json)
    for text in ["a", "the", " ", "!", "\u{301}", "\u{301}\u{316}", "\n"] {
      let long = String(repeating: text, count: 50_000 / text.utf8.count)
      let decoded = tokenizer.decode(tokenizer.encode(long), skipSpecial: false)
      #expect(decoded.utf8.count == long.utf8.count)
    }
  }

  @Test func encodingFromManyTasksAtOnceAgrees() async throws {
    let tokenizer = try Tokenizer(folder: Fixtures.json)
    let text = "The image shows the theater, isn't it?"
    let expected = tokenizer.encode(text)
    await withTaskGroup(of: [Int32].self) { group in
      for _ in 0..<16 { group.addTask { tokenizer.encode(text) } }
      for await ids in group { #expect(ids == expected) }
    }
  }
}
