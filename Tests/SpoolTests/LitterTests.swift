import Diagnostics
import Testing

@testable import Spool

/// JSON beside media that another program wrote, and JSON that somebody wrote to ask.
@Suite struct LitterTests {
  private static let takeout =
    #"{"title":"a.png","description":"","creationTime":{"timestamp":"1612345678"},"geoData":{"latitude":1.5}}"#

  static let foreign = [
    takeout, "\u{FEFF}" + takeout, #"{"title": "x", "fps": null}"#, "[1, 2]", "[]", "\"text\"",
    "null",
    // Cut short, as an export that broke off.
    String(takeout.prefix(80)), "", "What is this?", "<html>{\"prompts\": []}</html>",
    // Members of ours with values that no question has, as exports of social networks have them.
    #"{"id": 5, "media": [{"url": "x"}], "profile": {"name": "y"}}"#,
    // Our words, but not as members of the object itself.
    #"{"title": "a", "more": {"prompts": ["x"], "fps": 2}}"#,
    #"{"description": "Hello, \"prompts\": yes, prompts: no", "broken": }"#,
    #"{"caption": "a cat", "url": "x"}"#,
  ]

  @Test(arguments: foreign)
  func jsonOfAnotherProgramIsLeftAlone(_ text: String) throws {
    let spool = try TestSpool()
    try spool.drop("a.png")
    try spool.drop("a.png.json", text)
    spool.run(seconds: 34, every: 2)
    let job = try #require(try spool.jobs().first)
    #expect(try spool.jobs().count == 1)
    #expect(job.state == .done)
    #expect(job.claim.form == .media)
    #expect(job.claim.prompts == ["default?"])
    #expect(try spool.names("inbox") == ["a.png.json"])
    #expect(try spool.text("inbox/a.png.json") == text)
    #expect(spool.spooler.watcher.incomplete.isEmpty)
  }

  static let ours: [(String, FailureCode)] = [
    (#"{"prompts": ["What?"], "title": "a.png"}"#, .jobMemberUnknown),
    (#"{"title": "a.png", "fps": 2}"#, .jobMemberUnknown),
    (#"{"priority": 5, "geoData": {}}"#, .jobMemberUnknown),
    (#"{"prompts": "What?"}"#, .jobPrompts), (#"{"options": 5}"#, .jobOptions),
    // One letter off, or written large.
    (#"{"promt": "What?"}"#, .jobMemberUnknown), (#"{"promps": ["What?"]}"#, .jobMemberUnknown),
    (#"{"Prompt": "What?"}"#, .jobMemberUnknown), (#"{"PRIORITY": 1}"#, .jobMemberUnknown),
    // Broken, but meant for us.
    (#"{"prompts": ["What?""#, .jobJSON), (#"{"prompts": ["What?",]}"#, .jobJSON),
    (#"{'prompt': 'What?'}"#, .jobJSON), ("{ prompt: \"What?\" }", .jobJSON),
    ("{\n  // ask\n  \"title\": 1\n  \"max_new_tokens\": 5\n}", .jobJSON),
    ("\u{FEFF}{\"prompt\": }", .jobJSON), (#"{"prompt": "What's up?", }"#, .jobJSON),
    (#"{"media": ["b.png"], "prompt": "?"}"#, .jobMedia),
  ]

  @Test(arguments: ours)
  func jsonThatAsksIsRefusedWithItsMistake(_ text: String, _ code: FailureCode) throws {
    let spool = try TestSpool()
    try spool.drop("a.png")
    try spool.drop("a.png.json", text)
    spool.run(seconds: 10)
    let job = try #require(try spool.jobs().first)
    #expect(job.state == .failed)
    #expect(job.error?.code == code, "\(job.error?.message ?? "")")
    #expect(try spool.names("failed/\(job.id)/input") == ["a.png", "a.png.json"])
  }

  @Test func anEmptyObjectIsASidecarThatWishesNothing() throws {
    let spool = try TestSpool { $0.needsSidecar = true }
    try spool.drop("a.png")
    try spool.drop("a.png.json", "{}")
    try spool.drop("b.png")
    try spool.drop("b.png.json", Self.takeout)
    spool.run(seconds: 10)
    #expect(try spool.job("a.png")?.state == .done)
    // Metadata is no sidecar to wait for.
    #expect(try spool.jobs().count == 1)
    #expect(spool.spooler.watcher.incomplete["b.png"]?.contains("waits for a sidecar") == true)
  }

  @Test func aQuestionInTextAndForeignJSONGoTogether() throws {
    let spool = try TestSpool()
    try spool.drop("a.png")
    try spool.drop("a.png.json", Self.takeout)
    try spool.drop("a.png.txt", "What?")
    spool.run(seconds: 10)
    let job = try #require(try spool.job("a.png"))
    #expect(job.state == .done)
    #expect(job.claim.prompts == ["What?"])
    #expect(try spool.names("inbox") == ["a.png.json"])
  }

  @Test(arguments: [true, false])
  func jsonTooLargeIsRefusedOnlyWhereItAsks(_ asks: Bool) throws {
    let spool = try TestSpool { $0.jobFileBytes = 200 }
    let filler = #""comments": [{"prompt": ""# + String(repeating: "x", count: 5000) + #""}]"#
    let text = asks ? "{\"prompt\": \"?\", \(filler)}" : "{\(filler)}"
    try spool.drop("a.png")
    try spool.drop("a.png.json", text)
    spool.run(seconds: 10)
    let job = try #require(try spool.jobs().first)
    #expect(job.error?.code == (asks ? .spoolTooLarge : nil))
    #expect(try spool.names("inbox") == (asks ? [] : ["a.png.json"]))
  }

  @Test func noBytesEndTheDaemon() {
    let pieces = [
      "{", "}", "[", "\"", "'", "\\", ":", ",", "prompt", " ", "\n", "\u{FEFF}", "1", "é",
    ]
    var text: [UInt8] = []
    for number in 0..<3000 {
      // Any order will do, as long as it is the same in each run.
      text += Array(pieces[(number * 7 + number / 3 * 5) % pieces.count].utf8)
      for start in [[], [0xFF, 0xFE], [0xFE, 0xFF], Array("{".utf8)] as [[UInt8]] {
        _ = SidecarJSON.asks(start + text.suffix(60), isWhole: number.isMultiple(of: 2))
      }
    }
    let wide = TextInputTests.utf16("{\"title\":\"😀\",\"prompt\":\"😀")
    for count in 30...wide.count {
      #expect(
        SidecarJSON.asks(Array(wide.prefix(count)), isWhole: false) == (count >= 48), "\(count)")
    }
  }

  @Test func jsonThatIsStillBeingWrittenMayBecomeAQuestion() throws {
    let spool = try TestSpool()
    try spool.drop("a.png")
    try spool.drop("a.png.json", "")
    spool.run(seconds: 3)
    try spool.drop("a.png.json", "{")
    spool.run(seconds: 1.5)
    #expect(try spool.jobs().isEmpty)
    try spool.drop("a.png.json", #"{"prompt": "What?"}"#)
    spool.run(seconds: 4)
    #expect(try spool.job("a.png")?.claim.prompts == ["What?"])
    #expect(!spool.messages.contains { $0.contains("left alone") })
  }

  @Test func aFolderJobDoesNotMindTheMetadataOfItsPictures() throws {
    let spool = try TestSpool()
    for name in ["trip/a.png", "trip/sub/b.png"] {
      try spool.drop(name)
      try spool.drop(name + ".json", Self.takeout)
    }
    try spool.drop("trip/a.xmp")
    try spool.drop("trip/sub/c.AAE")
    try spool.drop("trip/job.json", #"{"media": ["a.png", "sub/b.png"]}"#)
    spool.run(seconds: 6)
    #expect(try spool.jobs().first?.state == .done)
  }

  @Test(arguments: ["c.png.json", "notes.json", "a.png.txt"])
  func aFolderJobStillMindsWhatMayBeAQuestion(_ name: String) throws {
    let spool = try TestSpool()
    try spool.drop("trip/a.png")
    try spool.drop("trip/" + name, #"{"prompt": "?"}"#)
    try spool.drop("trip/job.json", "{}")
    spool.run(seconds: 6)
    #expect(try spool.jobs().first?.error?.code == .jobMediaLeft)
  }

  @Test(arguments: ["a.png.TXT", "a.png.Txt", "a.png.JSON", "a.png.Json"])
  func endingsOfSidecarsMayBeWrittenLarge(_ name: String) throws {
    let spool = try TestSpool()
    try spool.drop("a.png")
    let isText = name.lowercased().hasSuffix("txt")
    try spool.drop(name, isText ? "What?" : #"{"prompt": "What?"}"#)
    spool.run(seconds: 4)
    #expect(try spool.jobs().count == 1)
    #expect(try spool.job("a.png")?.claim.prompts == ["What?"])
    #expect(try spool.names("inbox") == [])
  }

  @Test func jobFilesAndJobFoldersMayBeWrittenLarge() throws {
    let spool = try TestSpool()
    try spool.drop("a.png")
    try spool.drop("A.JOB.JSON", #"{"media": ["a.png"], "prompt": "?"}"#)
    try spool.drop("trip/b.png")
    try spool.drop("trip/JOB.JSON", #"{"prompt": "Where?"}"#)
    spool.run(seconds: 4)
    #expect(try spool.job("A.JOB.JSON")?.claim.prompts == ["?"])
    let folder = try #require(try spool.job("trip"))
    #expect(folder.state == .done)
    #expect(folder.claim.prompts == ["Where?"])
    #expect(spool.workers.jobs.count == 2)
  }

  @Test func twoSpellingsOfOneSidecarAreBothRead() throws {
    let spool = try TestSpool()
    try spool.drop("a.png")
    try spool.drop("a.png.txt", "What?")
    try spool.drop("a.png.TXT", "Who?")
    spool.run(seconds: 4)
    #expect(try spool.jobs().first?.error?.code == .jobPrompts)
  }
}
