import Testing

@testable import Tokenizer

@Suite struct SentencePieceTests {
  private static let folders = ["model", "plain", "json", "legacy"]

  private func path(_ name: String) -> String {
    Fixtures.folder.appending(path: "sentencepiece/\(name)").path(percentEncoded: false)
  }

  private func tokenizer(_ name: String) throws -> Tokenizer { try Tokenizer(folder: path(name)) }

  private func reference(_ name: String) throws -> Fixtures.Reference {
    try Fixtures.reference("sentencepiece/\(name)/reference.json")
  }

  @Test(arguments: folders) func idsAreThoseOfTheReference(name: String) throws {
    let tokenizer = try tokenizer(name)
    let rows = try reference(name).encoded
    #expect(rows.count == 260)
    for row in rows {
      #expect(tokenizer.encode(row.text) == row.ids, "\(row.text.unicodeScalars.map(\.value))")
    }
  }

  @Test(arguments: ["model", "plain"]) func textIsThatOfTheReference(name: String) throws {
    let tokenizer = try tokenizer(name)
    let rows = try reference(name).decoded
    #expect(rows.count == 150 && rows.contains { $0.text.contains("\u{FFFD}") })
    for row in rows {
      #expect(tokenizer.decode(row.ids, skipSpecial: false) == row.text, "\(row.ids)")
    }
  }

  @Test(arguments: folders) func streamedPiecesJoinToTheWhole(name: String) throws {
    let tokenizer = try tokenizer(name)
    let reference = try reference(name)
    for row in reference.decoded + reference.encoded {
      var decoder = StreamingDecoder(tokenizer, skipSpecial: false)
      var text = ""
      for id in row.ids { text += decoder.feed(id) }
      text += decoder.finish()
      #expect(text.utf8.elementsEqual(tokenizer.decode(row.ids, skipSpecial: false).utf8))
    }
  }

  @Test func bytesAreHeldBackUntilTheirCharacterIsWhole() throws {
    let tokenizer = try tokenizer("model")
    var decoder = StreamingDecoder(tokenizer, skipSpecial: true)
    let ids = tokenizer.encode("a🙂")
    #expect(ids.map { decoder.feed($0) } == ["a", "", "", "", "🙂"])
  }

  @Test(arguments: folders) func specialTokensInTextAreOnlyCharacters(name: String) throws {
    let tokenizer = try tokenizer(name)
    let special = Set(tokenizer.addedTokens.filter(\.isSpecial).map(\.id))
    #expect(special.count > 2)
    for token in tokenizer.addedTokens + [
      AddedToken(content: "[UNUSED_TOKEN_1]", id: 4, isSpecial: true)
    ] {
      let ids = tokenizer.encode("x" + token.content)
      #expect(special.isDisjoint(with: ids), "\(token)")
      #expect(tokenizer.decode(ids, skipSpecial: true) == "x" + token.content)
    }
  }

  @Test func aSpecialTokenThatMergesLeadToIsStillOnlyCharacters() throws {
    // “the” and the character “x” become special.
    let json = try Fixtures.text("sentencepiece/json/tokenizer.json")
    let id = try #require(Tokenizer(folder: path("json")).encode("the").first)
    let single = try #require(Tokenizer(folder: path("json")).encode("x").first)
    let special = #"""
      "added_tokens": [{"id": \#(id), "content": "the", "special": true},
      {"id": \#(single), "content": "x", "special": true},
      """#
    let tokenizer = try Fixtures.load([
      "tokenizer.json": Array(json.replacing("\"added_tokens\": [", with: special).utf8)
    ])
    #expect(tokenizer.id(ofSpecial: "the") == id)
    #expect(!tokenizer.encode("the theater").contains(id))
    #expect(!tokenizer.encode("x axe").contains(single))
    #expect(tokenizer.decode(tokenizer.encode("x axe"), skipSpecial: true) == "x axe")
    #expect(tokenizer.decode(tokenizer.encode("the theater"), skipSpecial: true) == "the theater")
  }

  @Test func addedTokensTakeThePlaceOfPieces() throws {
    let tokenizer = try tokenizer("model")
    #expect(tokenizer.id(ofSpecial: "<|im_end|>") == 4)
    #expect(tokenizer.id(ofSpecial: "<quad>") == 440)
    #expect(tokenizer.id(ofSpecial: "<s>") == 1)
    #expect(tokenizer.id(ofSpecial: "[UNUSED_TOKEN_1]") == nil)
    #expect(tokenizer.decode([4, 440], skipSpecial: false) == "<|im_end|><quad>")
    #expect(tokenizer.decode([4, 440, 1], skipSpecial: true) == "")
    #expect(tokenizer.vocabularyCount == 441 && tokenizer.idBound == 441)
  }

  @Test func promptsBeginWithTheTokenThatTheClassPutsThere() throws {
    #expect(try tokenizer("model").beginning == [1])
    #expect(try tokenizer("plain").beginning == [])
    #expect(try tokenizer("json").beginning == [1])
    #expect(try Tokenizer(folder: Fixtures.json).beginning == [])
    let json = try Fixtures.bytes("sentencepiece/json/tokenizer.json")
    // The file itself says so as well; the class comes first.
    #expect(try Fixtures.load(["tokenizer.json": json]).beginning == [1])
    for (config, expected) in [
      (#"{"tokenizer_class": "LlamaTokenizer", "add_bos_token": false}"#, []),
      (#"{"tokenizer_class": "LlamaTokenizerFast", "bos_token": {"content": "</s>"}}"#, [2]),
      (#"{"tokenizer_class": "PreTrainedTokenizerFast", "add_bos_token": false}"#, [1]),
    ] as [(String, [Int32])] {
      let files = ["tokenizer.json": json, "tokenizer_config.json": Array(config.utf8)]
      #expect(try Fixtures.load(files).beginning == expected, "\(config)")
    }
  }

  @Test(arguments: [
    ("never", "a", true, "a"), ("never", " a", true, " a"), ("always", "a", false, " a"),
    ("always", " a", false, " a"), ("always", "\u{2581}a", false, " a"), ("first", "a", false, "a"),
    ("first", "a", true, " a"), ("first", " a", true, " a"), ("always", "", true, ""),
  ]) func aSpaceComesBeforeTheTextsThatTheSchemeSays(
    scheme: String, text: String, isBeginning: Bool, expected: String
  ) throws {
    let json = try Fixtures.text("sentencepiece/json/tokenizer.json").replacing(
      "\"prepend_scheme\": \"never\"", with: "\"prepend_scheme\": \"\(scheme)\"")
    let tokenizer = try Fixtures.load(["tokenizer.json": Array(json.utf8)])
    let plain = try self.tokenizer("json").encode(expected)
    #expect(tokenizer.encode(text, isBeginning: isBeginning) == plain)
  }

  // Quadratic work would take 10,000,000,000 steps here.
  @Test(.timeLimit(.minutes(1))) func aLongTextTakesTimeInProportion() throws {
    let tokenizer = try tokenizer("model")
    for text in ["a", "the", " ", "图", "\u{301}"] {
      let long = String(repeating: text, count: 100_000 / text.utf8.count)
      #expect(tokenizer.decode(tokenizer.encode(long), skipSpecial: false) == long)
    }
  }
}
