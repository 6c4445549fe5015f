import Testing

@preconcurrency import Glibc

@testable import Spool

/// Files that no question was about are not removed with the job's files.
@Suite struct UnaskedFileTests {
  @Test(arguments: [
    (#"{"media":["a.png"]}"#, ["b.png"]), (#"{"media":["a.png"]}"#, ["sub/c.png"]),
    ("{}", ["sub/deep/c.png"]), (#"{"media":["a.png"]}"#, ["notes.txt"]),
  ])
  func aFolderWithFilesThatItsJobDoesNotNameIsKept(_ job: String, _ more: [String]) throws {
    let spool = try TestSpool()
    for name in ["a.png"] + more { try spool.drop("trip/" + name) }
    try spool.drop("trip/job.json", job)
    spool.run(seconds: 6)
    let failed = try #require(try spool.jobs().first)
    #expect(failed.state == .failed)
    #expect(failed.error?.code == .jobMediaLeft)
    for name in more {
      #expect(failed.error?.message.contains(name) == true)
      #expect(try spool.text("failed/\(failed.id)/input/\(name)") == "content")
    }
  }

  @Test func hiddenFilesAndNamedOnesInSubfoldersAreNoneOfThem() throws {
    let spool = try TestSpool()
    for name in ["a.png", "sub/c.png", ".DS_Store"] { try spool.drop("trip/" + name) }
    try spool.drop("trip/job.json", #"{"media":["a.png","sub/c.png"]}"#)
    spool.run(seconds: 6)
    #expect(try spool.jobs().first?.state == .done)
  }

  @Test func twoSidecarsThatBothAskAreRefusedAndKept() throws {
    let spool = try TestSpool()
    try spool.drop("both.png.txt", "What is it?")
    try spool.drop("both.png.json", #"{"prompts":["Who is it?"]}"#)
    try spool.drop("both.png")
    spool.run(seconds: 6)
    let job = try #require(try spool.jobs().first)
    #expect(job.state == .failed)
    #expect(job.error?.code == .jobPrompts)
    #expect(try spool.names("failed/\(job.id)/input").count == 3)
  }

  @Test func whatWaitsForAFolderToBeMendedIsSaidOnce() throws {
    let spool = try TestSpool()
    try spool.drop("t/illava.toml", "nope = 1")
    for name in ["a.png", "b.png"] { try spool.drop("t/" + name) }
    spool.run(seconds: 40)
    #expect(spool.messages.filter { $0.contains("until illava.toml is mended") }.count == 2)
  }

  @Test func aNameThatNoFileCanHaveFailsItsJob() throws {
    let spool = try TestSpool()
    let name = String(repeating: "x", count: 300)
    try spool.drop("long.job.json", "{\"media\":[\"\(name)\"]}")
    spool.run(seconds: 6)
    #expect(try spool.jobs().first?.error?.code == .jobMedia)
  }

  @Test func aFolderForWorkThatCannotBeUsedIsSaidAFewTimesAndCostsNothing() throws {
    let spool = try TestSpool()
    spool.fault.set(.makeFolder, EACCES, at: 0, count: 1_000_000, paths: "/work/")
    for name in ["a.png", "b.png", "c.png"] { try spool.drop(name) }
    spool.run(seconds: 120)
    #expect(try spool.names("inbox").filter { $0.hasSuffix(".png") }.count == 3)
    #expect(spool.messages.count < 200, "\(spool.messages.count)")
    spool.fault.clear()
    spool.run(seconds: 10)
    #expect(try spool.jobs().filter { $0.state == .done }.count == 3)
  }
}
