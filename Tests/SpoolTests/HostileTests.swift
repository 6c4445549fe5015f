import Diagnostics
import FoundationEssentials
import Testing

@preconcurrency import Glibc
@testable import Spool

/// Files that users, programs and attackers may put into a folder.
@Suite struct HostileTests {
  @Test func linksPipesAndSocketsStayWhereTheyAre() throws {
    let spool = try TestSpool()
    symlink("/etc/passwd", spool.path("inbox/passwd.png"))
    symlink("/etc", spool.path("inbox/folder"))
    mkfifo(spool.path("inbox/pipe.mp4"), 0o600)
    try spool.drop("good.png")
    spool.run(seconds: 20)
    #expect(try spool.jobs().map(\.name) == ["good.png"])
    #expect(try spool.job("good.png")?.state == .done)
    #expect(
      Set(spool.spooler.watcher.refused.keys.map(\.escaped))
        == ["passwd.png", "folder", "pipe.mp4"])
    // Once each, not in every scan of the folder.
    #expect(spool.messages.filter { $0.contains("stays where it is") }.count == 3)
  }

  @Test(arguments: [
    "../secret.png", "/etc/passwd", "a/../../secret.png", "sub/../../../etc/passwd", "..",
  ])
  func aJobFileCannotNameWhatIsOutside(_ path: String) throws {
    let spool = try TestSpool()
    try Data("secret".utf8).write(to: URL(filePath: spool.path("secret.png")))
    try spool.drop("x.job.json", "{\"media\": [\"\(path)\"]}")
    spool.run(seconds: 5)
    let job = try #require(try spool.job("x.job.json"))
    #expect(job.state == .failed)
    #expect(job.error?.code == .jobPathOutside)
    #expect(FileManager.default.fileExists(atPath: spool.path("secret.png")))
    #expect(spool.workers.jobs.isEmpty)
  }

  @Test func aJobFileCannotNameALink() throws {
    let spool = try TestSpool()
    symlink("/etc/passwd", spool.path("inbox/link.png"))
    try spool.drop("x.job.json", #"{"media": ["link.png"]}"#)
    try spool.drop("sub/other.png")
    symlink(spool.path("inbox/sub"), spool.path("inbox/way"))
    try spool.drop("y.job.json", #"{"media": ["way/other.png"]}"#)
    spool.run(seconds: 100, every: 2)
    #expect(try spool.job("x.job.json")?.error?.code == .spoolLink)
    #expect(try spool.job("y.job.json")?.state == .failed)
    #expect(spool.workers.jobs.map { $0.media[0].name } == ["sub/other.png"])
  }

  @Test func aLinkInsideAJobsFolderIsNotFollowed() throws {
    let spool = try TestSpool()
    try spool.drop("trip/1.png")
    symlink("/etc/passwd", spool.path("inbox/trip/2.png"))
    try spool.drop("trip/job.json", #"{"media": ["1.png", "2.png"]}"#)
    spool.run(seconds: 10)
    #expect(try spool.job("trip")?.error?.code == .spoolLink)
    #expect(spool.workers.jobs.isEmpty)
  }

  @Test(arguments: [
    Array("new\nline.png".utf8), [0xFF, 0xFE, 0x2E, 0x70, 0x6E, 0x67], Array("-rf.png".utf8),
    Array("\u{1B}[2J.png".utf8), Array("a\\x41.png".utf8), Array("日本語.png".utf8),
    Array(String(repeating: "x", count: 255).utf8), Array("'; DROP TABLE jobs; --.png".utf8),
    Array("%n%s.png".utf8), [0xC3, 0x28],
  ])
  func namesMayBeAnyBytes(_ name: [UInt8]) throws {
    let spool = try TestSpool()
    let path = BytePath(bytes: Array(spool.path("inbox/").utf8) + name)
    let file = path.withCString { open($0, O_WRONLY | O_CREAT, 0o600) }
    write(file, "content", 7)
    close(file)
    spool.run(seconds: 4)
    let job = try #require(try spool.jobs().first)
    #expect(job.state == .done)
    #expect(job.claim.name.bytes == name)
    #expect(BytePath(escaped: job.name).bytes == name)
    #expect(!job.name.unicodeScalars.contains { $0.properties.generalCategory == .control })
    #expect(try spool.spooler.store.ids(name: BytePath(bytes: name)) == [job.id])
    let given = try #require(spool.workers.jobs.first?.media.first)
    #expect(!given.file.contains("/") && !given.file.contains("\n"))
    #expect(spool.workers.contents == [["content"]])
  }

  @Test func anEmptyFileIsGivenTimeAndThenGivenUp() throws {
    let spool = try TestSpool()
    try spool.drop("empty.png", "")
    spool.run(seconds: 25)
    #expect(try spool.jobs().isEmpty)
    spool.run(seconds: 10)
    #expect(try spool.job("empty.png")?.error?.code == .spoolEmpty)
    #expect(spool.workers.jobs.isEmpty)
  }

  @Test func aHugeJobFileIsRefusedUnread() throws {
    let spool = try TestSpool()
    try spool.drop("x.job.json", "[" + String(repeating: "1,", count: 10_000_000) + "1]")
    try spool.drop("good.png")
    spool.run(seconds: 6)
    #expect(try spool.job("x.job.json")?.error?.code == .spoolTooLarge)
    #expect(try spool.job("good.png")?.state == .done)
  }

  @Test(arguments: [
    "", "{", "[1, 2]", "null", "{\"media\": 5}", "{\"media\": []}", "{\"media\": [5]}", "\u{0}",
    "{\"media\": [\"a.png\"], \"promts\": []}", "{\"media\": [\"a.png\"], \"prompts\": [\" \"]}",
    "{\"media\": [\"a.png\", \"a.png\"]}", "{\"media\": [\"a.png\"], \"priority\": 1000}",
    "{\"media\": [\"a.png\"], \"options\": {\"fps\": -1}}",
    "{\"media\": [\"a.png\"], \"options\": {\"illava_vit_min\": -1}}",
    "{\"media\": [\"a.png\"], \"options\": {\"illava_vit_score\": \"nearest\"}}",
    "{\"prompt\": \"no media\"}",
    String(repeating: "[", count: 600), "{\"media\": [\"a\\u0000b\"]}",
  ])
  func aJobFileThatIsWrongEndsInFailedWithItsReason(_ text: String) throws {
    let spool = try TestSpool()
    try spool.drop("x.job.json", text)
    spool.run(seconds: 70, every: 1)
    let job = try #require(try spool.job("x.job.json"))
    #expect(job.state == .failed)
    #expect(job.error?.message.contains("x.job.json") == true)
    #expect(
      try spool.names("failed/\(job.id)") == ["answer.json", "claim.json", "error.json", "input"])
  }

  @Test func aMisspelledMemberNamesItsNeighbor() throws {
    let failure = #expect(throws: Failure.self) {
      try JobDocument(json: Array(#"{"promts": ["x"]}"#.utf8), source: "x.json")
    }
    #expect(failure?.remedy == "Did you mean “prompts”?")
  }

  @Test func aFileThatGoesAwayWhileItWaitsIsForgotten() throws {
    let spool = try TestSpool()
    try spool.drop("gone.png")
    spool.run(seconds: 1)
    unlink(spool.path("inbox/gone.png"))
    spool.run(seconds: 5)
    #expect(try spool.jobs().isEmpty)
    #expect(try spool.names("work") == [])
  }

  @Test func aFileThatIsReplacedWhileItWaitsIsTakenAsItIsThen() throws {
    let spool = try TestSpool()
    try spool.drop("a.png", "old")
    spool.run(seconds: 1.5)
    unlink(spool.path("inbox/a.png"))
    try spool.drop("a.png", "newer")
    spool.run(seconds: 1)
    #expect(try spool.jobs().isEmpty)
    spool.run(seconds: 3)
    #expect(try spool.jobs().map { $0.claim.media[0].size } == [5])
  }

  @Test func fiveHundredFilesOfACopiedFolderAreFiveHundredJobs() throws {
    let spool = try TestSpool()
    for number in 0..<500 { try spool.drop("copied/deep/\(number).png", "\(number)") }
    spool.run(seconds: 60, every: 0.1)
    #expect(try spool.spooler.store.counts()[.done] == 500)
    #expect(try spool.names("outbox").count == 500)
    #expect(try spool.names("inbox/copied/deep") == [])
  }
}
