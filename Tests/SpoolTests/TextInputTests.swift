import Diagnostics
import FoundationEssentials
import Testing

@testable import Spool

/// Texts of people, as their editors write them: marks of byte order, UTF-16, line ends of Windows.
@Suite struct TextInputTests {
  private static let question = "What is shown?"
  private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

  static func utf16(_ text: String, isBig: Bool = false) -> [UInt8] {
    ("\u{FEFF}" + text).utf16.flatMap { unit in
      let halves = [UInt8(unit & 0xFF), UInt8(unit >> 8)]
      return isBig ? halves.reversed() : halves
    }
  }

  @Test(arguments: ["bom", "crlf", "utf16"])
  func sidecarsOfWindowsAskWhatTheyShow(_ name: String) throws {
    let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let cases = tests.appending(path: "MediaTests/Cases/sidecars")
    let bytes = try Data(contentsOf: cases.appending(path: "\(name).png.txt"))
    let metadata = try Data(contentsOf: cases.appending(path: "takeout.png.json"))
    let spool = try TestSpool()
    try spool.drop("a.png")
    try spool.drop("a.png.json", bytes: Array(metadata))
    try spool.drop("a.png.txt", bytes: Array(bytes))
    spool.run(seconds: 4)
    #expect(try spool.job("a.png")?.claim.prompts == ["Describe the picture."])
    #expect(try spool.names("inbox") == ["a.png.json"])
  }

  static let texts: [[UInt8]] = [
    mark + Array(question.utf8),
    Array((question + "\r\n").utf8),
    mark + Array("\r\n\(question)\r\n\r\n".utf8),
    Array("\u{200B} \(question)\u{2060}\u{FEFF}".utf8),
    utf16(question),
    utf16(question, isBig: true),
    utf16(question + "\r\n"),
    utf16("\u{200B}\(question)\r\n", isBig: true),
  ]

  @Test(arguments: texts)
  func aTextSidecarIsTheQuestionAndNothingElse(_ bytes: [UInt8]) throws {
    let spool = try TestSpool()
    try spool.drop("a.png")
    try spool.drop("a.png.txt", bytes: bytes)
    spool.run(seconds: 4)
    #expect(try spool.job("a.png")?.claim.prompts == [Self.question])
  }

  @Test func linesOfWindowsAndOfOldMacsAreLines() throws {
    for text in ["One.\r\nTwo.\r\n", "One.\rTwo.", "\u{FEFF}One.\n\u{FEFF}Two."] {
      for bytes in [Array(text.utf8), Self.utf16(text)] {
        #expect(try JobDocument(text: bytes, source: "a.txt").prompts == ["One.\nTwo."])
      }
    }
  }

  @Test func whatIsUnseenInsideWordsStays() throws {
    // A family is one emoji by U+200D, and Persian needs U+200C.
    let text = "Is 👨‍👩‍👧 a family? می\u{200C}روم"
    #expect(try JobDocument(text: Array(text.utf8), source: "a.txt").prompts == [text])
  }

  static let none: [[UInt8]] = [
    [], mark, [0xFF, 0xFE], Array("\u{FEFF}\u{200B}\r\n\u{2060}".utf8), Array("\u{200E}".utf8),
    utf16("\r\n"),
  ]

  @Test(arguments: none)
  func aTextWithNothingToSeeIsNoQuestion(_ bytes: [UInt8]) throws {
    let failure = #expect(throws: Failure.self) { try JobDocument(text: bytes, source: "a.txt") }
    #expect(failure?.code == .jobPrompt)
  }

  static let unreadable: [[UInt8]] = [
    // An odd number of bytes, half a pair, UTF-32 of both orders, UTF-16 without its mark, Latin-1.
    utf16("x") + [0x41], [0xFF, 0xFE, 0x00, 0xD8], [0xFF, 0xFE, 0, 0, 0x41, 0, 0, 0],
    [0, 0, 0xFE, 0xFF, 0, 0, 0, 0x41], [0x41, 0, 0x42, 0], [0xE9, 0x74, 0xE9],
  ]

  @Test(arguments: unreadable)
  func aTextThatCannotBeReadIsRefusedWithWhatToDo(_ bytes: [UInt8]) throws {
    let failure = #expect(throws: Failure.self) { try JobDocument(text: bytes, source: "a.txt") }
    #expect(failure?.code == .jobPrompt)
    #expect(failure?.remedy?.contains("UTF-8") == true)
  }

  @Test(arguments: [#"{"prompt": "What?\r\nWho?", "max_new_tokens": 7}"#])
  func jobFilesAndSidecarsMayBeUTF16(_ json: String) throws {
    for bytes in [
      Self.utf16(json + "\r\n"), Self.utf16(json, isBig: true), Self.mark + Array(json.utf8),
    ] {
      let document = try JobDocument(json: bytes, source: "a.json")
      #expect(document.prompts == ["What?\nWho?"])
      #expect(document.options.maxNewTokens == 7)
    }
    let spool = try TestSpool()
    try spool.drop("a.png")
    try spool.drop("a.job.json", bytes: Self.utf16(#"{"media":["a.png"],"prompt":"?"}"#))
    spool.run(seconds: 4)
    #expect(try spool.job("a.job.json")?.claim.prompts == ["?"])
  }

  @Test func aJobFileOfDamagedUTF16IsRefused() throws {
    let failure = #expect(throws: Failure.self) {
      try JobDocument(json: Self.utf16("{}") + [0x41], source: "a.json")
    }
    #expect(failure?.code == .jobJSON)
    #expect(failure?.remedy?.contains("UTF-8") == true)
  }

  @Test func settingsMayHaveAMarkOrBeUTF16() throws {
    let text = "[defaults]\r\nprompts = [\"\u{FEFF}One?\"]\r\n[defaults.options]\r\nframes = 4\r\n"
    for bytes in [Self.mark + Array(text.utf8), Self.utf16(text), Self.utf16(text, isBig: true)] {
      let settings = try SettingsFile.read(bytes, source: "illavad.toml")
      #expect(settings.prompts == ["One?"])
      #expect(settings.options.frames == 4)
    }
    let failure = #expect(throws: Failure.self) {
      try SettingsFile.read(Self.utf16(text) + [0x41], source: "illavad.toml")
    }
    #expect(failure?.code == .configTOML)
    #expect(throws: Failure.self) {
      try SettingsFile.read(Array("[defaults]\nprompts = [\" \u{200B}\"]".utf8), source: "x.toml")
    }
  }

  @Test func aFoldersSettingsMayHaveAMarkOrBeUTF16() throws {
    let text =
      "prompt = \"Any animals?\"\r\n[options]\r\nsystem = \"\"\"\u{FEFF}Be\r\nshort.\"\"\"\r\n"
    for bytes in [Self.mark + Array(text.utf8), Self.utf16(text)] {
      let spool = try TestSpool()
      try spool.drop("garden/illava.toml", bytes: bytes)
      try spool.drop("garden/x.mp4")
      spool.run(seconds: 4)
      let job = try #require(try spool.job("garden/x.mp4"))
      #expect(job.claim.prompts == ["Any animals?"])
      #expect(job.claim.options.system == "Be\nshort.")
    }
  }
}
