import Grounding
import Testing

@Suite("Boxes in hostile answers")
struct HostileTests {
  /// Reads a text and says how long that took.
  private func time(_ text: String) -> (Findings, Duration) {
    let clock = ContinuousClock()
    let start = clock.now
    let findings = GroundingReader.read(text)
    return (findings, clock.now - start)
  }

  @Test("a great many boxes are counted, and the first are kept")
  func many() {
    let one = #"{"bbox_2d": [1, 2, 3, 4], "label": "x"}, "#
    let (findings, _) = time("[" + String(repeating: one, count: 20_000))
    #expect(findings.items.count == 1000)
    #expect(findings.leftOut == 19_000)
    let rows = String(repeating: "[1, 2, 3, 4], ", count: 20_000)
    let (inOne, _) = time(#"{"bbox_2d": [\#(rows)[5, 6, 7, 8]]}"#)
    #expect(inOne.items.count == 1000)
    #expect(inOne.leftOut == 19_001)
    let marked = String(repeating: "<box>[[1,2,3,4]]</box>", count: 3000)
    #expect(GroundingReader.read(marked).leftOut == 2000)
  }

  @Test(
    "the time grows with the length of the text, whatever is repeated",
    arguments: [
      "[", "{", "]", "{\"a\":", "[\"", "\\\"", "['", "\"\\", "[{\"bbox_2d\":[", "<box>", "<",
      "<ref><",
      "{\"bbox_2d\":[[1,2,3,4],", "[\"\\\"\\\"", "}{", "-", "9", ",'", "[1,", "{\"label\":\"x\",",
    ])
  func repeated(_ piece: String) {
    // Were each piece compared with all others, this would take many minutes.
    let (_, took) = time("[" + String(repeating: piece, count: 100_000 / piece.utf8.count))
    #expect(took < .seconds(60))
  }

  @Test("random pieces of answers never end the process, and what is found is finite")
  func random() {
    let pieces = [
      "{", "}", "[", "]", ",", ":", "\"", "'", "\\", "\"bbox_2d\"", "\"label\"", "\"a\"", "1",
      "-2.5",
      "1e400", "NaN", " ", "\n", "[1,2,3,4]", "\"image\"", "\"time\"", "<box>", "</box>", "<ref>",
      "<|box_start|>", "(1,2)", "\u{301}", "\\u", "\\ud8", "é",
    ]
    var random = SystemRandomNumberGenerator()
    for _ in 0..<2000 {
      let text = (0..<40).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
      for finding in GroundingReader.read(text, limit: 5).items {
        #expect(finding.numbers.allSatisfy { $0.isFinite }, "\(text)")
        #expect(finding.numbers.count == (finding.kind == .box ? 4 : 2), "\(text)")
      }
    }
  }
}
