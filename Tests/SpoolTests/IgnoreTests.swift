import Diagnostics
import Testing

@testable import Spool

/// The names that `ignore` in `[inbox]` lists.
@Suite struct IgnoreTests {
  @Test(arguments: [
    ("*.aae", "IMG_1.AAE", true), ("*.AAE", "img_1.aae", true), ("*.aae", "aae", false),
    ("*.aae", ".aae", true), ("*.aae", "x.aae.png", false), ("a*b*c", "aXbYc", true),
    ("a*b*c", "aXbYcd", false), ("a*b*c", "abc", true), ("*a*", "xyz", false),
    ("?.md", "ä.md", true),
    ("?.md", "äö.md", false), ("Thumbs.db", "thumbs.DB", true), ("*", "", true), ("*?", "", false),
    ("**x", "x", true), ("É.md", "e\u{301}.md", true), ("[ab].md", "a.md", false),
    ("[ab].md", "[AB].md", true), ("*.info.json", "clip.mp4.info.json", true),
  ])
  func aPatternMatchesWholeNamesInAnyCase(_ pattern: String, _ name: String, _ does: Bool) throws {
    #expect(try #require(NamePattern(pattern)).matches(BytePath(name)) == does)
  }

  @Test func manyStarsTakeNoTime() throws {
    let pattern = try #require(NamePattern(String(repeating: "*a", count: 60) + "b"))
    #expect(!pattern.matches(BytePath(String(repeating: "a", count: 255))))
  }

  @Test func namesThatAreNoTextAreMatchedToo() throws {
    let pattern = try #require(NamePattern("*.log"))
    #expect(pattern.matches(BytePath(bytes: [0xFF, 0xFE] + Array(".LOG".utf8))))
  }

  static let litter = [
    "IMG_0001.AAE", "IMG_0001.xmp", "MVI_1.THM", "GX010001.LRV", "DJI_1.LRF", "DJI_1.SRT",
    "clip.vtt",
    "clip.sub", "movie.nfo", "readme.md", "site.url", "site.lnk", "picasa.ini", "photos.db",
    "copy.log", "index.html", "index.HTM", "clip.info.json", "Icon\r",
    "a.jpg.supplemental-metadata.json",
    "C0001M01.XML", "track.gpx", "a.jpg:Zone.Identifier", "clip.mp4.aria2",
  ]

  @Test(arguments: litter)
  func whatCamerasAndExportsPutBesideMediaIsNoJob(_ name: String) throws {
    let spool = try TestSpool()
    try spool.drop(name, #"{"fps": 30}"#)
    try spool.drop("a.png")
    spool.run(seconds: 40, every: 2)
    #expect(try spool.jobs().map(\.name) == ["a.png"])
    #expect(try spool.names("inbox") == [name])
    #expect(spool.spooler.watcher.incomplete.isEmpty)
    #expect(!spool.messages.contains { $0.contains("left alone") })
  }

  @Test(arguments: [
    "jpg", "jpeg", "png", "webp", "bmp", "gif", "tif", "tiff", "mp4", "mov", "mkv", "webm", "avi",
    "ts", "m2ts", "mts", "mpg", "mpeg", "m4v", "3gp", "vob", "dat", "heic", "mp", "insv", "360", "",
  ])
  func noMediaAreIgnored(_ ending: String) {
    let names = IgnoreList(Settings().ignore)
    for name in ["a." + ending, "A." + ending.uppercased()] {
      #expect(names.pattern(for: NameText(BytePath(name)), isFolder: false) == nil)
    }
  }

  @Test func theListMayBeAnother() throws {
    let spool = try TestSpool { $0.ignore = ["*.PNG", "thumbs/"] }
    try spool.drop("a.png")
    try spool.drop("b.xmp")
    try spool.drop("Thumbs/c.jpg")
    try spool.drop("d/thumbs", "a file of that name")
    spool.run(seconds: 10)
    #expect(try Set(spool.jobs().map(\.name)) == ["b.xmp", "d/thumbs"])
  }

  @Test func aChangedListCountsAtOnce() throws {
    let spool = try TestSpool { $0.ignore = [] }
    var settings = spool.settings
    settings.ignore = ["*.png"]
    try spool.drop("a.png")
    spool.run(seconds: 1)
    spool.spooler.apply(settings)
    spool.run(seconds: 5)
    #expect(try spool.jobs().isEmpty)
    spool.spooler.apply(spool.settings)
    spool.run(seconds: 5)
    #expect(try spool.job("a.png")?.state == .done)
  }

  @Test func whatAJobNamesIsTakenWhateverItsName() throws {
    let spool = try TestSpool()
    try spool.drop("x.lrv")
    try spool.drop(".hidden.png")
    try spool.drop("trip/y.THM")
    try spool.drop("trip/job.json", #"{"media": ["y.THM"], "prompt": "?"}"#)
    try spool.drop("x.job.json", #"{"media": ["x.lrv", ".hidden.png"], "prompt": "?"}"#)
    spool.run(seconds: 10)
    #expect(try spool.job("x.job.json")?.state == .done)
    #expect(try spool.job("trip")?.state == .done)
    #expect(try spool.names("inbox") == [])
  }

  @Test func jobFilesAndSettingsCannotBeIgnored() throws {
    let spool = try TestSpool { $0.ignore = ["*.json", "*.toml"] }
    try spool.drop("trip/a.png")
    try spool.drop("trip/a.png.json", #"{"prompt": "ignored"}"#)
    try spool.drop("trip/job.json", #"{"prompt": "Where?"}"#)
    try spool.drop("b.png")
    try spool.drop("b.job.json", #"{"media": ["b.png"]}"#)
    try spool.drop("illava.toml", "priority = 7")
    spool.run(seconds: 6)
    #expect(try spool.job("trip")?.claim.prompts == ["Where?"])
    #expect(try spool.job("b.job.json")?.claim.priority == 7)
  }

  @Test func aFolderJobLeavesThemOut() throws {
    let spool = try TestSpool()
    for name in ["1.png", "1.AAE", "notes.md", "sub/clip.srt"] { try spool.drop("trip/" + name) }
    try spool.drop("trip/job.json", "{}")
    spool.run(seconds: 6)
    #expect(try spool.job("trip")?.state == .done)
    #expect(spool.workers.jobs.first?.media.map(\.name) == ["1.png"])
  }

  @Test(arguments: [
    "[\"\"]", "[\"a/b\"]", "[\"/\"]", "[5]", "\"*.md\"",
    "[\"\(String(repeating: "x", count: 300))\"]",
  ])
  func aPatternThatMatchesNoNameIsAMistake(_ value: String) throws {
    let failure = #expect(throws: Failure.self) {
      try SettingsFile.read(Array("[inbox]\nignore = \(value)".utf8), source: "illavad.toml")
    }
    #expect(failure?.code == .configValue)
    #expect(failure?.message.contains("line 2") == true)
    #expect(failure?.remedy?.contains("*.xmp") == true)
  }
}
