import Diagnostics
import Evaluation
import Foundation
import Testing

@Suite("Data sets")
struct DataSetTests {
  /// Longer than the 64 characters up to which a text is a reference to a row.
  private let picture = Data((0..<90).map { UInt8($0) }).base64EncodedString()

  private func table(_ text: String) throws -> DataSet {
    let folder = try TemporaryFolder()
    return try DataSet(path: try folder.write(text, to: "set.tsv"))
  }

  @Test("a VLMEvalKit table of choices: options, hint, category and the prompt they make")
  func choices() throws {
    let set = try table(
      "index\timage\tquestion\thint\tA\tB\tC\tD\tanswer\tcategory\n"
        + "7\t\(picture)\tWhat is it?\tLook up.\tone\ttwo\tthree\t\tC\tcounting\n"
        + "8\t7\tWhich?\t\tred\tblue\t\t\tblue\tcolor\n")
    #expect(set.damage == [])
    let items = set.items
    #expect(items.map(\.id) == ["7", "8"])
    #expect(items[0].accepted == ["C"])
    #expect(items[1].accepted == ["B"])
    #expect(items[0].skill == "counting")
    #expect(items[0].media == [.base64(Data(picture.utf8))])
    #expect(items[1].media == items[0].media)
    #expect(
      items[0].prompt
        == "Hint: Look up.\nQuestion: What is it?\nOptions:\nA. one\nB. two\nC. three\n"
        + "Please select the correct answer from the options above.\n")
  }

  @Test("fields in quotes hold tabs, line ends and doubled quotes")
  func quoting() throws {
    let set = try table(
      "index\timage_path\tquestion\tanswer\r\n"
        + "1\tpictures/a.png\t\"a \"\"quoted\"\"\tword\nand a line\"\tyes\r\n"
        + "2\t\"['b.png', 'c.png']\"\tan inner \" quote\t\"\"\"so\"\"\"\r\n"
        + "\r\n"
        + "3\t\"\"\tno picture\t12\r\n")
    #expect(set.damage == [])
    let items = set.items
    #expect(
      items.map(\.question) == [
        "a \"quoted\"\tword\nand a line", "an inner \" quote", "no picture",
      ])
    #expect(items[0].form == .yesNo)
    #expect(items[1].form == .open)
    #expect(items[1].accepted == ["\"so\""])
    let folder = String(set.path.dropLast("set.tsv".count))
    #expect(items[0].media == [.file(folder + "pictures/a.png")])
    #expect(items[1].media == [.file(folder + "b.png"), .file(folder + "c.png")])
    #expect(items[2].media == [])
  }

  @Test("each damaged row is reported, the others are read")
  func damagedTable() throws {
    let set = try table(
      "index\timage\tquestion\tA\tB\tanswer\n"
        + "1\t\(picture)\tfine\tx\ty\tA\n"
        + "2\t\(picture)\ttoo few\n"
        + "3\t\(picture)\tno such option\tx\ty\tF\n"
        + "4\t\(picture)\t\tx\ty\tA\n"
        + "5\t\(picture)\tno answer\tx\ty\t\n"
        + "6\t99\tno such row\tx\ty\tA\n"
        + "7\t8\tround\tx\ty\tA\n"
        + "8\t7\tand round\tx\ty\tA\n"
        + "9\t\"never closed\tx\ty\tA\n"
        + "10\t1\tfine too\tx\ty\tB\n")
    #expect(set.items.map(\.id) == ["1", "10"])
    #expect(set.rows.count == 10)
    #expect(
      set.damage == [
        "row 2 has 3 fields where the first line names 6",
        "row 3 has the answer “F”, which is none of its options",
        "row 4 has no question", "row 5 has no answer",
        "row 6 refers to the picture of row “99”, which does not exist",
        "row 7 refers to a row that refers back", "row 8 refers to a row that refers back",
        "row 9 opens a quote that is never closed",
      ])
  }

  @Test("lines of JSON: one medium or several, one answer or several, numbers too")
  func jsonLines() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      """
      {"media": "a.png", "question": "Color?", "answer": "red", "skill": "color"}

      {"media": ["b.png", "/c.mp4"], "question": "What?", "answer": ["sofa", "couch"]}
      {"media": "d.png", "question": "How many?", "answer": 3}
      not json
      {"media": "e.png", "answer": "x"}
      {"media": "e.png", "question": "Empty?", "answer": []}
      {"question": "Is it?", "answer": "Yes.", "index": "last"}
      """, to: "set.jsonl")
    let set = try DataSet(path: path)
    #expect(set.rows.count == 7)
    #expect(set.damage.count == 3)
    let items = set.items
    #expect(items.map(\.id) == ["1", "2", "3", "last"])
    #expect(items[0].media == [.file(folder.path + "/a.png")])
    #expect(items[0].skill == "color")
    #expect(items[1].media == [.file(folder.path + "/b.png"), .file("/c.mp4")])
    #expect(items[1].accepted == ["sofa", "couch"])
    #expect(items[2].accepted == ["3"])
    #expect(items[3].form == .yesNo)
    #expect(set.sha256.count == 64)
  }

  @Test(
    "files that are no data sets are refused",
    arguments: [
      ("set.tsv", "index\tquestion\n1\tno answers anywhere\n"), ("set.tsv", ""),
      ("set.jsonl", "\n\n"), ("set.csv", "question,answer\n"),
      ("set.tsv", "question\tanswer\n"),
    ])
  func refused(_ name: String, _ text: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(text, to: name)
    let failure = #expect(throws: Failure.self) { try DataSet(path: path) }
    #expect(failure?.code == .evaluationData)
    let missing = #expect(throws: Failure.self) { try DataSet(path: path + ".gone.tsv") }
    #expect(missing?.kind == .missingInput)
  }

  @Test("no table, however damaged, stops the reading")
  func mutations() throws {
    let good = Array(
      ("index\timage\tquestion\tA\tB\tanswer\n1\t\(picture)\t\"two\nlines\"\tx\ty\tA\n"
        + "2\t1\tq\tx\ty\tB\n").utf8)
    let folder = try TemporaryFolder()
    for position in stride(from: 38, to: good.count, by: 3) {
      for byte in [UInt8(ascii: "\""), UInt8(ascii: "\t"), UInt8(ascii: "\n"), 0, 0xFF] {
        var bad = good
        bad[position] = byte
        let path = folder.path + "/set.tsv"
        try Data(bad).write(to: URL(fileURLWithPath: path))
        let set = try DataSet(path: path)
        #expect(set.items.count + set.damage.count == set.rows.count)
      }
    }
  }
}
