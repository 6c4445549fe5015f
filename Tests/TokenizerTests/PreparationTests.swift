import Basics
import Testing

@testable import Tokenizer

@Suite struct PreparationTests {
  private func pieces(_ text: String) -> [String] {
    let bytes = Array(text.utf8)
    var cutter = PreTokenizer(bytes)
    var result: [String] = []
    while let range = cutter.next() {
      result.append(String(decoding: bytes[range], as: UTF8.self))
    }
    return result
  }

  private func composed(_ scalars: [UInt32]) -> [UInt32] {
    var text: [UInt8] = []
    for scalar in scalars { UTF8Scalars.append(scalar, to: &text) }
    let result = Normalizer.shared.composed(text) ?? text
    return String(decoding: result, as: UTF8.self).unicodeScalars.map(\.value)
  }

  @Test(arguments: [
    ("Hello, world", ["Hello", ",", " world"]),
    ("it's IT'S", ["it", "'s", " IT", "'S"]),
    ("x'\u{17F}t", ["x", "'\u{17F}", "t"]),
    ("'lx 'llx", ["'lx", " '", "llx"]),
    ("we'Ve'REal", ["we", "'Ve", "'RE", "al"]),
    ("12\u{663}", ["1", "2", "\u{663}"]),
    ("a   b", ["a", "  ", " b"]),
    ("a   !", ["a", "  ", " !"]),
    ("a   1", ["a", "  ", " ", "1"]),
    ("a  ", ["a", "  "]),
    ("a \n \n  b", ["a", " \n \n", " ", " b"]),
    ("\u{3000}x\u{A0}!", ["\u{3000}x", "\u{A0}", "!"]),
    ("?!\r\n\r\nx", ["?!\r\n\r\n", "x"]),
    ("\rx", ["\r", "x"]),
    ("e\u{316}x", ["e", "\u{316}x"]),
    ("a\u{200B}\u{85}b", ["a", "\u{200B}", "\u{85}b"]),
    ("", []),
  ]) func piecesFollowThePattern(text: String, expected: [String]) {
    #expect(pieces(text) == expected)
  }

  @Test func piecesCoverAnyText() {
    var random = SplitMix64(seed: 5)
    for _ in 0..<200 {
      let text = String(
        String.UnicodeScalarView(
          (0..<20).compactMap { _ in
            Unicode.Scalar(UInt32.random(in: 0..<0x3000, using: &random) >> (random.next() % 12))
          }))
      #expect(pieces(text).joined().utf8.elementsEqual(text.utf8))
    }
  }

  @Test func lettersAreThoseOfTheReferenceNotOfTheStandardLibrary() {
    let flags = ScalarClasses.shared.flags
    #expect(flags.count { $0 & ScalarClasses.letter != 0 } == 141_028)
    #expect(flags.count { $0 & ScalarClasses.number != 0 } == 1_911)
    #expect(flags.count { $0 & ScalarClasses.space != 0 } == 25)
    #expect(flags[0x88F] & ScalarClasses.letter == 0)  // a letter since Unicode 17
    #expect(flags[0x10D4A] & ScalarClasses.letter != 0)  // a letter since Unicode 16
  }

  @Test func marksAreComposedAndSorted() {
    #expect(composed([0x65, 0x301]) == [0xE9])
    #expect(composed([0x65, 0x301, 0x323]) == [0x1EB9, 0x301])
    #expect(composed([0x61, 0x345, 0x334, 0x301]) == [0xE1, 0x334, 0x345])
    #expect(composed([0x61, 0x316, 0x316, 0x301]) == [0xE1, 0x316, 0x316])
    #expect(composed([0x301, 0x61]) == [0x301, 0x61])
    #expect(composed([0x212B]) == [0xC5])
    #expect(composed([0x1D15E]) == [0x1D157, 0x1D165])
    #expect(composed([0x958]) == [0x915, 0x93C])
    #expect(composed([0x1112, 0x1161, 0x11AB, 0x11AB]) == [0xD55C, 0x11AB])
    #expect(composed([0xD55C, 0x11AB]) == [0xD55C, 0x11AB])
  }

  @Test func marksYoungerThanTheReferenceStayWhereTheyAre() {
    #expect(composed([0x61, 0x1DF6, 0x316]) == [0x61, 0x1DF6, 0x316])
    #expect(composed([0x61, 0x345, 0x8D3]) == [0x61, 0x345, 0x8D3])
    #expect(composed([0x11935, 0x11930]) == [0x11935, 0x11930])
  }

  @Test func composedTextIsNotCopied() {
    #expect(Normalizer.shared.composed(Array("plain, é, 한글, नमस्ते".utf8)) == nil)
    #expect(Normalizer.shared.composed(Array("a\u{316}\u{301}".utf8)) != nil)
  }
}
