import Grounding
import Testing

@Suite("Boxes in the text of an answer")
struct ReadingTests {
  private func read(_ text: String) -> [Finding] { GroundingReader.read(text).items }

  @Test("an array of objects, in a fence and in prose")
  func fenced() {
    let text = """
      Here they are [two of them]:
      ```json
      [
      \t{"bbox_2d": [10, 20.5, 300, 400], "label": "the \\"red\\" cup"},
      \t{"point_2d": [925, 618], "label": "point_1"}
      ]
      ```
      That's all.
      """
    #expect(
      read(text) == [
        Finding(.box, label: "the \"red\" cup", numbers: [10, 20.5, 300, 400]),
        Finding(.point, label: "point_1", numbers: [925, 618]),
      ])
  }

  @Test("one object, several arrays in one, two corners, and a label in any member for one")
  func forms() {
    #expect(
      read(#"{"text_content": "Total", "bbox_2d": [1, 2, 3, 4], "text": "other"}"#)
        == [Finding(.box, label: "Total", numbers: [1, 2, 3, 4])])
    #expect(
      read(#"{"bbox_2d": [[1, 2, 3, 4], [5, 6, 7, 8]], "name": "cups"}"#) == [
        Finding(.box, label: "cups", numbers: [1, 2, 3, 4]),
        Finding(.box, label: "cups", numbers: [5, 6, 7, 8]),
      ])
    #expect(
      read(#"{"bbox": [[1, 2], [3, 4]]}"#) == [Finding(.box, numbers: [1, 2, 3, 4])])
    #expect(
      read("[{'bbox_2d': [1, 2, 3, 4], 'label': 'cat'}]")
        == [Finding(.box, label: "cat", numbers: [1, 2, 3, 4])])
    #expect(
      read(#"{"door": {"bbox_2d": [1, 2, 3, 4]}, "bell": {"point_2d": [5, 6]}}"#) == [
        Finding(.box, label: "door", numbers: [1, 2, 3, 4]),
        Finding(.point, label: "bell", numbers: [5, 6]),
      ])
    #expect(read(#"{"bbox_2d": null, "label": null}, {"bbox_2d": []}, {"x": [1, 2, 3, 4]}"#) == [])
  }

  @Test("boxes inside boxes come in the order of the text")
  func nested() {
    let text = """
      {"result": {"objects": [{"bbox_2d": [1, 1, 9, 9], "label": "car", "parts":
      [{"bbox_2d": [2, 2, 3, 3], "label": "wheel"}]}]}}
      """
    #expect(read(text).map(\.label) == ["car", "wheel"])
  }

  @Test(
    "an answer that was cut off has its complete objects",
    arguments: [
      #"[{"bbox_2d": [1, 2, 3, 4], "label": "cat"}, {"bbox_2d": [5, 6, 7, 8], "label": "do"#,
      #"[{"bbox_2d": [1, 2, 3, 4], "label": "cat"}, {"bbox_2d": [5, 6, 7"#,
      #"{"animals": [{"bbox_2d": [1, 2, 3, 4], "label": "cat"}, {"bbox_2d""#,
      #"[{"bbox_2d": [1, 2, 3, 4], "label": "cat"}, {"bbox_2d": [5, 6, 7, 8]"#,
    ])
  func cutOff(_ text: String) {
    #expect(read(text) == [Finding(.box, label: "cat", numbers: [1, 2, 3, 4])])
  }

  @Test("picture, page, frame and time, also of the object around")
  func places() {
    let text = """
      [{"image": 2, "bbox_2d": [1, 2, 3, 4]}, {"page": "3", "objects": [{"point_2d": [5, 6]},
      {"page": 4, "point_2d": [5, 6]}]}, {"time": 1.5, "bbox_2d": [1, 2, 3, 4]},
      {"time": "01:02.5", "frame": 7, "bbox_2d": [1, 2, 3, 4]},
      {"image": "Picture 1", "time": "2 seconds", "bbox_2d": [1, 2, 3, 4]},
      {"image": "left.jpg", "time": "noon", "bbox_2d": [1, 2, 3, 4]}]
      """
    #expect(
      read(text).map(\.place) == [
        FindingPlace(image: 2), FindingPlace(page: 3), FindingPlace(page: 4),
        FindingPlace(seconds: 1.5), FindingPlace(frame: 7, seconds: 62.5),
        FindingPlace(image: 1, seconds: 2), FindingPlace(),
      ])
  }

  @Test("the marks of Qwen and of InternVL")
  func marks() {
    let qwen = """
      <|object_ref_start|>the man<|object_ref_end|><|box_start|>(123,235),(324,546)<|box_end|>
      <|box_start|>(1,2),(3,4)<|box_end|> and <|box_start|>(7,8)<|box_end|><|box_start|>(9,9),(
      """
    #expect(
      read(qwen) == [
        Finding(.box, label: "the man", numbers: [123, 235, 324, 546]),
        Finding(.box, label: "the man", numbers: [1, 2, 3, 4]),
        Finding(.point, label: "the man", numbers: [7, 8]),
      ])
    #expect(
      read("It is <ref>a dog</ref><box>[[253, 231, 733, 787], [1, 2, 3, 4]]</box>.") == [
        Finding(.box, label: "a dog", numbers: [253, 231, 733, 787]),
        Finding(.box, label: "a dog", numbers: [1, 2, 3, 4]),
      ])
    #expect(GroundingReader.read("<box>[[1, 2, 3]]</box><box></box>").unreadable == 2)
    #expect(read("a < b, <b>bold</b>, [[1,2,3,4]], (1,2),(3,4)") == [])
  }

  @Test(
    "what is no box is counted",
    arguments: [
      "[NaN, 2, 3, 4]", "[1e999, 2, 3, 4]", "[-Infinity, 0, 1, 1]", "[1, 2, 3]", "[1, 2, 3, 4, 5]",
      #"["1", 2, 3, 4]"#, #""1, 2, 3, 4""#, "7", "[[[1, 2, 3, 4]]]", #"{"x1": 1}"#,
      "[0x1, 2, 3, 4]",
    ])
  func unreadable(_ value: String) {
    let findings = GroundingReader.read(#"{"bbox_2d": \#(value), "label": "x"}"#)
    #expect(findings.items == [])
    #expect(findings.unreadable == 1)
  }

  @Test(
    "texts in brackets, unclosed quotation marks and wrong ends do not hide what follows",
    arguments: [
      "[it's], [see", "{\"a\": \"b\n", "{{[", "]}", "\u{0}\"", "[\"\\", "\\\"", "{'", "[(\"",
    ])
  func noise(_ text: String) {
    let found = GroundingReader.read(text + "\n" + #"{"bbox_2d": [1, 2, 3, 4], "label": "it's"}"#)
    #expect(found.items.map(\.numbers) == [[1, 2, 3, 4]])
    #expect(found.items.first?.label == "it's")
  }

  @Test("labels are as they were meant, and of bounded length")
  func labels() {
    func label(_ json: String) -> String? {
      read(#"{"label": "\#(json)", "bbox_2d": [1, 2, 3, 4]}"#).first?.label
    }
    #expect(label(#" \u00e9\ud83d\ude00\n<b>\t\/ "#) == "é😀\n<b>\t/")
    #expect(label(#"\ud83d \x"#) == "\u{FFFD} \u{FFFD}")
    #expect(label("  ") == nil)
    #expect(label(String(repeating: "é", count: 200))?.count == 200)
    let long = label(String(repeating: "é", count: 100_000))
    #expect(long?.count == 200)
    #expect(long?.last == "…")
    let stacked = label("e" + String(repeating: "\u{301}", count: 100_000))
    #expect(stacked.map { $0.utf8.count < 2000 } == true)
  }
}
