import Diagnostics
import Testing

@preconcurrency import Glibc

@testable import JobCommands
@testable import Spool

/// Files of the inbox that are no jobs: how they are counted and said.
@Suite struct LeftAloneTests {
  private static let takeout = #"{"title":"a.png","creationTime":{"timestamp":"1"}}"#

  private func left(_ spool: TestSpool) throws -> LiveStatus.LeftAlone {
    try #require(try spool.spooler.live().leftAlone)
  }

  private func words(_ spool: TestSpool) -> [String] {
    spool.messages.filter { $0.contains("left alone") }
  }

  @Test(arguments: ["a.png.txt", "a.png.json", "a.png.TXT"])
  func aSidecarWithoutItsMediumIsLeftAloneAfterPatience(_ name: String) throws {
    let spool = try TestSpool()
    try spool.drop(name, name.hasSuffix("json") ? #"{"prompt": "What?"}"# : "What?")
    spool.run(seconds: 50)
    #expect(spool.spooler.watcher.incomplete[BytePath(name)]?.contains("a.png") == true)
    #expect(try spool.spooler.live().leftAlone == nil)
    spool.run(seconds: 600, every: 10)
    #expect(spool.spooler.watcher.incomplete.isEmpty)
    #expect(try left(spool).count == 1)
    #expect(try left(spool).files.map(\.path) == [name])
    #expect(words(spool).count == 1)
    #expect(words(spool).first?.contains(name) == true)
    // It is still a question about its medium.
    try spool.drop("a.png")
    spool.run(seconds: 4)
    #expect(try spool.job("a.png")?.claim.prompts == ["What?"])
    #expect(try spool.spooler.live().leftAlone == nil)
    #expect(try spool.names("inbox") == [])
  }

  @Test(arguments: [
    ("IMG_1.jpg", "IMG_1.txt", "IMG_1.jpg.txt"), ("IMG_1.JPG", "img_1.jpg.txt", "IMG_1.JPG.txt"),
    ("IMG_1.jpg", "IMG_1.json", "IMG_1.jpg.json"),
  ])
  func whatANearbyNameWouldBeIsSaid(_ medium: String, _ name: String, _ right: String) throws {
    let spool = try TestSpool { $0.needsSidecar = true }
    try spool.drop(medium)
    try spool.drop(name, #"{"prompt": "What?"}"#)
    spool.run(seconds: 70, every: 2)
    #expect(try left(spool).files.first?.reason.contains("“\(right)”") == true)
  }

  @Test(arguments: [
    "a.png.txt.txt", "a.png.json.txt", "a.png.txt.json", "x.srt.txt", "illava.toml.txt", "job.json",
    "ILLAVA.TOML", "trip.txt", "metadata.json", "IMG.jpg.supplemental-met.json", "x.job.json.txt",
  ])
  func whatAsksAboutNothingDoesNotWaitForEver(_ name: String) throws {
    let spool = try TestSpool()
    try spool.drop("x.srt")
    try spool.drop("trip/illava.toml", "priority = 1")
    try spool.drop(name, Self.takeout)
    spool.run(seconds: 90, every: 2)
    #expect(try spool.jobs().isEmpty)
    #expect(spool.spooler.watcher.incomplete.isEmpty)
    #expect(try left(spool).count == 2)
    #expect(words(spool).count == 1, "\(words(spool))")
  }

  @Test func metadataIsCountedOnceAndSaidInOneLine() throws {
    let spool = try TestSpool()
    for number in 1...20 {
      try spool.drop("export/\(number).png")
      try spool.drop("export/\(number).png.json", Self.takeout)
      try spool.drop("export/\(number).AAE")
    }
    try spool.drop("export/metadata.json", Self.takeout)
    spool.run(seconds: 120, every: 2)
    #expect(try spool.jobs().count { $0.state == .done } == 20)
    #expect(try spool.jobs().count == 20)
    let found = try left(spool)
    #expect(found.count == 41)
    #expect(found.reasons == ["foreign": 21, "ignored": 20])
    #expect(words(spool).count == 1, "\(words(spool))")
    #expect(words(spool).first?.contains("21 files") == true)
    let lines = try StatusPage(SpoolClient(root: spool.folder.path), live: spool.spooler.live())
      .lines(width: 100, style: .init(isColored: false))
    let about = lines.filter { $0.contains(".json") || $0.contains(".AAE") }
    #expect(about.count == 1, "\(lines)")
    #expect(about.first?.contains("41 files") == true)
    #expect(about.first?.contains("illava doctor") == true)
    let metrics = try Metrics(spooler: spool.spooler).text
    #expect(metrics.contains("illava_left_alone{reason=\"foreign\"} 21\n"))
    #expect(metrics.contains("illava_left_alone{reason=\"ignored\"} 20\n"))
    #expect(metrics.contains("illava_left_alone{reason=\"unmatched\"} 0\n"))
    let findings = Checkup.findings(about: found)
    #expect(findings.count == 2)
    #expect(findings.allSatisfy { $0.level == .note && $0.remedy != nil })
  }

  @Test func manyFilesAreReadInManySteps() throws {
    let spool = try TestSpool()
    let filler = String(repeating: "x", count: 1_000_000)
    for number in 0..<24 { try spool.drop("\(number).png.json", "{\"title\":\"\(filler)\"}") }
    spool.spooler.step()
    #expect(spool.spooler.watcher.foreign.count < 20)
    spool.run(seconds: 10)
    #expect(try left(spool).reasons == ["foreign": 24])
  }

  @Test func aSidecarOfAnIgnoredFileIsSaidToBeOne() throws {
    let spool = try TestSpool()
    try spool.drop("x.lrv")
    try spool.drop("x.lrv.txt", "What?")
    spool.run(seconds: 5)
    #expect(try left(spool).files.first?.reason.contains("which inbox.ignore lists") == true)
  }

  @Test func noneIsCountedWhereThereAreNone() throws {
    let spool = try TestSpool()
    try spool.drop("a.png")
    for name in [".hidden", "b.part", "Thumbs.db", "@eaDir/c"] { try spool.drop(name) }
    spool.run(seconds: 5)
    #expect(try spool.spooler.live().leftAlone == nil)
  }

  @Test func aFolderThatGoesTakesItsCountWithIt() throws {
    let spool = try TestSpool()
    try spool.drop("export/deep/a.aae")
    spool.run(seconds: 5)
    #expect(try left(spool).count == 1)
    #expect(try left(spool).files.map(\.path) == ["export/deep/a.aae"])
    rename(spool.path("inbox/export"), spool.path("elsewhere"))
    spool.run(seconds: 70, every: 2)
    #expect(try spool.spooler.live().leftAlone == nil)
  }

  @Test func thePagesNameAFewOfVeryMany() throws {
    let spool = try TestSpool()
    for number in 0..<300 { try spool.drop("\(number).xmp") }
    spool.run(seconds: 2)
    #expect(try left(spool).count == 300)
    #expect(try left(spool).files.count <= 100)
  }
}
