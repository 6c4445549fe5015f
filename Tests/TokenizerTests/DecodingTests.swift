import Testing
import Tokenizer

@Suite struct DecodingTests {
  @Test func textIsThatOfTheReference() throws {
    let tokenizer = try Tokenizer(folder: Fixtures.json)
    let rows = try Fixtures.reference().decoded
    #expect(rows.count == 300)
    #expect(rows.contains { $0.text.contains("\u{FFFD}") })
    for row in rows {
      #expect(tokenizer.decode(row.ids, skipSpecial: false) == row.text, "\(row.ids)")
    }
  }

  @Test func streamedPiecesJoinToTheWhole() throws {
    let tokenizer = try Tokenizer(folder: Fixtures.json)
    let reference = try Fixtures.reference()
    for row in reference.decoded + reference.encoded {
      var decoder = StreamingDecoder(tokenizer, skipSpecial: false)
      var text = ""
      for id in row.ids { text += decoder.feed(id) }
      text += decoder.finish()
      #expect(text.utf8.elementsEqual(tokenizer.decode(row.ids, skipSpecial: false).utf8))
      #expect(decoder.finish().isEmpty)
    }
  }

  @Test func streamedPiecesJoinForBytesAtEveryEdge() throws {
    let tokenizer = try Tokenizer(folder: Fixtures.json)
    let ids = try byteIDs()
    let edges: [UInt8] = [0x41, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC2, 0xE0, 0xF0, 0xFF]
    var differing = 0
    for lead in UInt8(0xC0)...0xFF {
      for second in edges {
        for third in edges {
          var decoder = StreamingDecoder(tokenizer, skipSpecial: false)
          let bytes = [lead, second, third]
          var text = ""
          for byte in bytes { text += decoder.feed(ids[Int(byte)]) }
          text += decoder.finish()
          if !text.utf8.elementsEqual(String(decoding: bytes, as: UTF8.self).utf8) {
            differing += 1
          }
        }
      }
    }
    #expect(differing == 0)
  }

  @Test func aCharacterIsHeldBackUntilItIsWholeAndNoLonger() throws {
    let tokenizer = try Tokenizer(folder: Fixtures.json)
    let ids = try byteIDs()
    var decoder = StreamingDecoder(tokenizer, skipSpecial: false)
    let pieces = "a😀é".utf8.map { decoder.feed(ids[Int($0)]) }
    #expect(pieces == ["a", "", "", "", "😀", "", "é"])
    // E0 80 cannot begin a character, so the decoder waits for nothing after it.
    #expect(decoder.feed(ids[0xE0]) == "")
    #expect(decoder.feed(ids[0x80]) == "\u{FFFD}\u{FFFD}")
    #expect(decoder.feed(ids[0xF0]) == "")
    #expect(decoder.finish() == "\u{FFFD}")
  }

  @Test func specialTokensAreLeftOutOnDemand() throws {
    let tokenizer = try Tokenizer(folder: Fixtures.json)
    let start = try #require(tokenizer.id(ofSpecial: "<|im_start|>"))
    let ids = [start] + tokenizer.encode("the") + [start]
    #expect(tokenizer.decode(ids, skipSpecial: true) == "the")
    #expect(tokenizer.decode(ids, skipSpecial: false) == "<|im_start|>the<|im_start|>")
    var decoder = StreamingDecoder(tokenizer, skipSpecial: true)
    #expect(ids.map { decoder.feed($0) }.joined() + decoder.finish() == "the")
  }

  @Test func unknownIdsArePassedOver() throws {
    let tokenizer = try Tokenizer(folder: Fixtures.json)
    let ids = tokenizer.encode("the")
    let odd: [Int32] = [-1, 460, .max, .min]
    #expect(tokenizer.decode(odd + ids + odd, skipSpecial: false) == "the")
    var decoder = StreamingDecoder(tokenizer, skipSpecial: false)
    #expect(odd.map { decoder.feed($0) }.joined() == "")
  }

  /// The id of every byte; they come first in the small vocabulary, in the alphabet's order.
  private func byteIDs() throws -> [Int32] {
    let printable = Array(UInt8(0x21)...0x7E) + Array(0xA1...0xAC) + Array(0xAE...0xFF)
    let others = (UInt8.min...UInt8.max).filter { !printable.contains($0) }
    var ids = [Int32](repeating: -1, count: 256)
    for (id, byte) in (printable + others).enumerated() { ids[Int(byte)] = Int32(id) }
    return ids
  }
}
