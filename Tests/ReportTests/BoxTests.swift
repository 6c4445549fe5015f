import Answers
import Diagnostics
import Foundation
import Grounding
import Media
import Models
import Options
import Testing

@testable import Engine
@testable import Report

@Suite("Boxes in the report")
struct BoxTests {
  private let gray = Visual(image: RGBImage(width: 64, height: 32) { _, _ in [128, 128, 128] })

  /// An answer to pictures that names boxes.
  private func answer(_ text: String, _ visuals: [Visual]) throws -> Answer {
    var answer = try MadeUp.answer(text: text, visuals: visuals, across: 2, down: 1)
    answer.boxes = AnswerBoxes(text, .thousandths, sources: answer.sources)
    return answer
  }

  private func draw(
    _ answer: Answer, question: Int = 1
  ) throws -> (pictures: [MergePicture], notes: [String]) {
    var pictures: [MergePicture] = []
    let notes = try BoxPictures(answer, reading: MediaReading(), question: question).draw {
      picture throws(Failure) in
      pictures.append(picture)
    }
    return (pictures, notes)
  }

  private func box(_ numbers: [Int], _ rest: String = "") -> String {
    #"{"bbox_2d": \#(numbers)\#(rest)}, "#
  }

  @Test("a picture for every file with boxes, none without")
  func names() throws {
    #expect(try draw(try answer("none", [gray])).pictures.isEmpty)
    let text = box([0, 0, 500, 500], #", "image": 2"#) + box([0, 0, 500, 500])
    let several = try answer(text, [gray, gray])
    #expect(try draw(several).pictures.map(\.name) == ["boxes-02.png"])
    let again = try draw(several, question: 3).pictures
    #expect(again.map(\.name) == ["boxes-02-q3.png"])
    #expect(again.first?.caption.contains("question 3") == true)
  }

  @Test("the outline lies on the box, in its color, and not inside or outside")
  func outline() throws {
    let answer = try answer(box([250, 250, 750, 750]), [gray])
    var painter = BoxPainter(
      RGBImage(width: 512, height: 256) { _, _ in [128, 128, 128] }, own: answer.sources[0].size)
    let numbered = answer.boxes.items.enumerated().map { NumberedBox(number: $0 + 1, box: $1) }
    let image = painter.draw(numbered).image
    let color = BoxColors.color(1)
    let line = [color.red, color.green, color.blue]
    // 16 to 48 of 64 pixels, and 8 to 24 of 32.
    #expect(image.pixel(129, 128) == line && image.pixel(382, 128) == line)
    #expect(image.pixel(256, 65) == line && image.pixel(256, 190) == line)
    #expect(image.pixel(128, 128) == [16, 16, 16])
    for (x, y) in [(127, 128), (384, 128), (256, 192), (256, 128), (140, 180)] {
      #expect(image.pixel(x, y) == [128, 128, 128], "\(x), \(y)")
    }
  }

  @Test("small boxes, points at the edge and many boxes are visible, and every letter is there")
  func small() throws {
    let text =
      box([0, 0, 1, 1], #", "label": "tiny""#) + box([999, 0, 1000, 1000], #", "label": "日本""#)
      + #"{"point_2d": [1000, 1000], "label": "corner"}, {"point_2d": [0, 500]}, "#
      + box([0, 0, 1000, 1000], #", "label": "\#(String(repeating: "long ", count: 40))""#)
    let answer = try answer(text, [gray])
    #expect(answer.boxes.items.count == 5)
    let (pictures, notes) = try draw(answer)
    #expect(pictures.allSatisfy { $0.missingCharacters.isEmpty })
    #expect(notes.isEmpty)
    let image = try #require(pictures.first?.image)
    for number in 1...5 {
      let color = BoxColors.color(number)
      let count = stride(from: 0, to: image.pixels.count, by: 3).count {
        Array(image.pixels[$0..<$0 + 3]) == [color.red, color.green, color.blue]
      }
      #expect(count > 40, "box \(number) has \(count) pixels")
    }
    let tags = answer.boxes.items.map { NumberedBox(number: 7, box: $0).tag(hasLabel: true) }
    #expect(tags == ["7 tiny", "7", "7 corner", "7", "7 long long long long lon…"])
  }

  @Test("more boxes than are drawn are said")
  func many() throws {
    let text = (0..<250).map { box([$0, $0, $0 + 300, $0 + 300]) }.joined()
    let (pictures, notes) = try draw(try answer(text, [gray]))
    #expect(pictures.count == 1)
    #expect(notes == ["Picture 1: only the first 200 of 250 boxes were drawn"])
  }

  @Test("the frames of a video that have boxes")
  func frames() throws {
    let frame = RGBImage.noise(width: 64, height: 32, seed: 5)
    let video = Visual(
      frames: [RGBImage](repeating: frame, count: 40),
      timestamps: (0..<40).map { Double($0) * 0.5 })
    let timed = try answer(box([0, 0, 500, 500], #", "time": 1.5"#), [video])
    let (one, none) = try draw(timed)
    #expect(one.map(\.name) == ["boxes-01.png"] && none.isEmpty)
    #expect(one.first?.caption == "Video 1: what the answer points to.")
    let untimed = try draw(try answer(box([0, 0, 500, 500]), [video]))
    #expect(untimed.pictures.first?.caption.hasSuffix("is on the first frame.") == true)
    let all = (0..<40).map { box([0, 0, 500, 500], #", "frame": \#($0 + 1)"#) }.joined()
    let (sheet, notes) = try draw(try answer(all, [video]))
    #expect(sheet.first.map { $0.image.width > 600 && $0.missingCharacters.isEmpty } == true)
    #expect(notes.count == 1)
  }

  @Test("the file is drawn again as it is, with its own proportions")
  func original() throws {
    let folder = try TemporaryFolder()
    let picture = RGBImage(width: 1500, height: 300) { x, _ in x < 750 ? [200, 0, 0] : [0, 0, 200] }
    let path = try folder.write(try PNGWriter.encode(picture), "wide.png")
    let seen = RGBImage(width: 64, height: 32) { _, _ in [0, 0, 0] }
    var answer = try answer("", [Visual(image: seen)])
    answer.sources = [
      Source(
        path: path, page: nil, digest: try FileDigest.identity(path: path).digest, bytes: 1,
        created: nil, kind: .image,
        format: "PNG", size: PixelSize(width: 1500, height: 300),
        shown: PixelSize(width: 64, height: 32), duration: nil, frames: [], warnings: [])
    ]
    answer.boxes = AnswerBoxes(box([400, 200, 600, 800]), .thousandths, sources: answer.sources)
    #expect(answer.boxes.items.map(\.pixels) == [[600, 60, 900, 240]])
    let image = try #require(try draw(answer).pictures.first?.image)
    #expect(image.width == 1024 + 2 * Sheet.margin)
    let y = image.height - Sheet.margin - 60
    #expect(image.pixel(Sheet.margin + 200, y)[0] > 150)
    #expect(image.pixel(Sheet.margin + 900, y)[2] > 150)
  }

  @Test("the page lists boxes with any label, and the document has them")
  func page() throws {
    let folder = try TemporaryFolder()
    let text =
      box([0, 0, 500, 500], #", "label": "<script>alert(1)</script>\u202e""#)
      + #"{"point_2d": [500, 500]}"#
    let answer = try answer(text, [gray])
    let document = try ReportFolder(path: folder.path).write(
      answer, request: Request(prompt: "Where?"), origin: MadeUp.origin,
      model: AnswerDocument.Model(path: "model", weights: "bf16"), load: 0, visualization: .final)
    let html = String(decoding: try folder.read("report.html"), as: UTF8.self)
    #expect(!html.contains("<script") && !html.contains("\u{202E}"))
    #expect(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
    #expect(html.contains("0, 0 to 32, 16") && html.contains("<td>32, 16</td>"))
    #expect(html.contains("boxes-01.png"))
    #expect(document.pictures.first == "boxes-01.png")
    #expect(try folder.picture("boxes-01.png").width > 512)
    let json = try document.json()
    #expect(json.contains("\"pixels\"") && json.contains("\"point\""))
    // A report of another question has none.
    _ = try ReportFolder(path: folder.path).write(
      try self.answer("none", [gray]), request: Request(prompt: "Where?"), origin: MadeUp.origin,
      model: AnswerDocument.Model(path: "model", weights: "bf16"), load: 0, visualization: .final)
    #expect(throws: (any Error).self) { try folder.read("boxes-01.png") }
  }

  @Test("boxes in words")
  func words() throws {
    let text =
      box([0, 0, 500, 500], #", "label": "cup", "image": 1"#)
      + #"{"point_2d": [500, 500], "image": 2}, {"bbox_2d": [1, 2, 3, 4]}"#
    #expect(
      BoxText.lines(try answer(text, [gray, gray])) == [
        "box 1 “cup”: 0, 0 to 32, 16 of gate.png", "point 2: 32, 16 of gate.png",
        "box 3: no pixels of an unknown picture",
      ])
  }
}
