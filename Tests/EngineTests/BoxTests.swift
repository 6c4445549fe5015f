import Foundation
import Grounding
import Media
import Models
import Options
import Testing

@testable import Engine

@Suite("Boxes of an answer")
struct BoxTests {
  private func source(
    _ kind: MediaKind = .image, width: Int = 2000, height: Int = 500,
    shown: (Int, Int) = (448, 112),
    page: Int? = nil, times: [Double] = []
  ) -> Source {
    Source(
      path: "a", page: page, digest: "", bytes: 1, created: nil, kind: kind, format: "made up",
      size: PixelSize(width: width, height: height),
      shown: PixelSize(width: shown.0, height: shown.1), duration: nil,
      frames: times.enumerated().map { Source.Frame(index: $0 * 10, seconds: $1) }, warnings: [])
  }

  private func object(_ rest: String, _ numbers: String = "[0, 0, 500, 1000]") -> String {
    #"{"bbox_2d": \#(numbers)\#(rest)}"#
  }

  @Test("with one picture every box is in it, whatever the answer says")
  func one() {
    let boxes = AnswerBoxes(
      object(#", "label": "cat", "image": 7"#), .thousandths, sources: [source()])
    #expect(
      boxes.items == [
        AnswerBox(
          .box, label: "cat", numbers: [0, 0, 500, 1000], source: 0, pixels: [0, 0, 1000, 500])
      ])
    #expect(boxes.notes.isEmpty)
    #expect(AnswerBoxes(object(""), .thousandths, sources: []) == AnswerBoxes())
  }

  @Test("pixels of what the model saw are brought to the size of the file")
  func shown() {
    let boxes = AnswerBoxes(
      object("", "[0, 28, 224, 112]"), .shownPixels, sources: [source(shown: (448, 112))])
    #expect(boxes.items.map(\.pixels) == [[0, 125, 1000, 500]])
  }

  @Test("with several pictures the answer says which, by number or page")
  func several() {
    let sources = [
      source(), source(width: 100, height: 100, page: 1), source(width: 100, height: 200, page: 2),
    ]
    let text = [
      object(#", "image": 1"#), object(#", "image": 3"#), object(#", "page": 2"#),
      object(#", "page": 9, "image": 2"#), object(""), object(#", "image": 0"#),
      object(#", "image": 4"#),
    ].joined(separator: ", ")
    let boxes = AnswerBoxes(text, .thousandths, sources: sources)
    #expect(boxes.items.map(\.source) == [0, 2, 2, 1, nil, nil, nil])
    #expect(boxes.items.map(\.pixels?.last) == [500, 200, 200, 100, nil, nil, nil])
    #expect(boxes.notes.count == 1)
    #expect(boxes.notes.first?.contains("3 boxes of the answer were not drawn") == true)
  }

  @Test("the page of two documents says nothing")
  func twoDocuments() {
    let sources = [source(page: 1), source(page: 2), source(page: 1)]
    let boxes = AnswerBoxes(
      object(#", "page": 1"#) + object(#", "page": 2"#), .thousandths, sources: sources)
    #expect(boxes.items.map(\.source) == [nil, 1])
  }

  @Test("a box of a video is in the frame nearest to its time, or of its number")
  func frames() {
    let video = source(.video, times: [0, 0.5, 1])
    let text = [
      object(#", "time": 0.6"#), object(#", "time": "0:09""#), object(#", "frame": 3"#),
      object(#", "frame": 4"#), object(""),
    ].joined(separator: ", ")
    let boxes = AnswerBoxes(text, .thousandths, sources: [video])
    #expect(boxes.items.map(\.frame?.index) == [10, 20, 20, nil, nil])
    #expect(boxes.items.allSatisfy { $0.source == 0 })
  }

  @Test("what is left out is counted in notes")
  func notes() {
    let text = [
      object("", "[5, 5, 5, 900]"), object("", "[1100, 0, 1200, 10]"), object("", "[1, 2, NaN, 4]"),
    ].joined()
    let boxes = AnswerBoxes(text, .thousandths, sources: [source()])
    #expect(boxes.items.isEmpty)
    #expect(boxes.notes.count == 2)
    #expect(boxes.notes.contains { $0.hasPrefix("1 box of the answer was left out: not four") })
    #expect(boxes.notes.contains { $0.hasPrefix("2 boxes of the answer were left out: without") })
    let many = AnswerBoxes(
      String(repeating: object(""), count: 1003), .thousandths, sources: [source()])
    #expect(many.items.count == 1000)
    #expect(many.notes == ["The answer has 3 boxes more than the 1000 that are listed."])
  }

  @Test(
    "what the numbers of each family count",
    arguments: [
      ("tiny-late", BoxCoordinates.thousandths), ("qwen3.5/tiny", .thousandths),
      ("qwen2.5-vl/tiny", .shownPixels), ("qwen2-vl/tiny", .thousandths),
      ("internvl/tiny", .thousandths), ("llava-onevision/tiny", nil),
    ])
  func families(_ folder: String, _ coordinates: BoxCoordinates?) throws {
    #expect(try Fixtures.session(folder).model.assets.boxCoordinates == coordinates)
  }

  /// The answer that an expression allows, to a picture of 1000×300 pixels.
  private func answer(_ folder: String, _ expression: String) throws -> Answer {
    let path = FileManager.default.temporaryDirectory.appending(
      path: "box-\(UUID().uuidString).png")
    defer { try? FileManager.default.removeItem(at: path) }
    let pixels = (0..<1000 * 300 * 3).map { UInt8(truncatingIfNeeded: $0 / 700) }
    try Data(PNGWriter.encode(RGBImage(width: 1000, height: 300, pixels: pixels))).write(to: path)
    var request = Request(prompt: "Where?")
    request.media = [MediaItem(path: path.path)]
    request.maxPixels = 256 * 1024
    request.maxNewTokens = 300
    request.form = .regex(expression)
    return try Fixtures.session(folder).answer(request)
  }

  @Test("an answer names boxes in the file's pixels, whatever the model saw")
  func answers() throws {
    let text = #"\[\{"bbox_2d": \[0, 250, 500, 1000\], "label": "left"\}\]"#
    let answer = try answer("tiny-late", text)
    #expect(answer.sources.first?.size != answer.sources.first?.shown)
    #expect(answer.boxes.items.map(\.label) == ["left"])
    #expect(answer.boxes.items.map(\.pixels) == [[0, 75, 500, 300]])
    #expect(try self.answer("llava-onevision/tiny", text).boxes.items.isEmpty)
    let inShown = #"\{"bbox_2d": \[0, 25, 196, 100\]\}"#
    let pixels = try self.answer("qwen2.5-vl/tiny", inShown)
    let shown = try #require(pixels.sources.first?.shown)
    #expect(shown.width < 1000)
    #expect(pixels.boxes.items.first?.pixels?[2] == (196 * 1000 + shown.width / 2) / shown.width)
  }

  @Test("marks around boxes are read")
  func marks() throws {
    let qwen = #"<\|box_start\|>\(0,0\),\(1000,500\)<\|box_end\|>"#
    #expect(try answer("qwen2-vl/tiny", qwen).boxes.items.map(\.numbers) == [[0, 0, 1000, 500]])
    let intern = #"<ref>it</ref><box>\[\[0, 0, 1000, 500\]\]</box>"#
    #expect(try answer("internvl/tiny", intern).boxes.items.map(\.label) == ["it"])
  }
}
