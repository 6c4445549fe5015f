import Options
import Testing

@preconcurrency import Glibc
@testable import Spool

/// The four forms of a job, and when each is claimed.
@Suite struct FormTests {
  @Test func aFileAloneGetsTheDefaultQuestionOnceItHoldsStill() throws {
    let spool = try TestSpool()
    try spool.drop("door.mp4")
    spool.run(seconds: 1.5)
    #expect(try spool.jobs().isEmpty)
    spool.run(seconds: 1.5)
    let job = try #require(try spool.job("door.mp4"))
    #expect(job.state == .done)
    #expect(job.claim.form == .media)
    #expect(spool.workers.jobs.first?.prompts == ["default?"])
    #expect(try spool.names("outbox") == [job.id])
    #expect(try spool.names("inbox") == [])
    #expect(try spool.names("work") == [])
  }

  @Test func aFileThatGrowsIsNeverTaken() throws {
    let spool = try TestSpool()
    for length in 1...40 {
      try spool.drop("slow.mp4", String(repeating: "x", count: length))
      spool.run(seconds: 1.5)
    }
    #expect(try spool.jobs().isEmpty)
    spool.run(seconds: 3)
    #expect(try spool.job("slow.mp4")?.claim.media.first?.size == 40)
  }

  @Test func aFileThatAProgramHasOpenForWritingIsNotTaken() throws {
    let spool = try TestSpool()
    try spool.drop("open.mp4", "half of it")
    let file = open(spool.path("inbox/open.mp4"), O_WRONLY | O_APPEND)
    spool.run(seconds: 600, every: 10)
    #expect(try spool.jobs().isEmpty)
    write(file, " and the rest", 13)
    close(file)
    spool.run(seconds: 6)
    #expect(try spool.job("open.mp4")?.claim.media.first?.size == 23)
  }

  @Test func aFileThatIsRenamedIntoPlaceIsTakenAtOnce() throws {
    let spool = try TestSpool()
    spool.spooler.step()
    try spool.drop("door.mp4.part")
    rename(spool.path("inbox/door.mp4.part"), spool.path("inbox/door.mp4"))
    spool.run(seconds: 0.2, every: 0.1)
    #expect(try spool.job("door.mp4") != nil)
  }

  @Test func aSidecarIsACommitAndSaysWhatIsAsked() throws {
    let spool = try TestSpool()
    spool.spooler.step()
    try spool.drop("a.png")
    try spool.drop("a.png.txt", "  How many people?\n")
    try spool.drop("b.png")
    try spool.drop(
      "b.png.json",
      #"{"prompts": ["One?", "Two?"], "max_new_tokens": 7, "priority": 3, "illava_vit_min": 64, "illava_llm_score": "question"}"#
    )
    spool.run(seconds: 0.2, every: 0.1)
    #expect(try spool.job("a.png")?.claim.prompts == ["How many people?"])
    let second = try #require(try spool.job("b.png"))
    #expect(second.claim.prompts == ["One?", "Two?"])
    #expect(second.claim.options.maxNewTokens == 7)
    #expect(second.claim.options.visionMinTokens == 64)
    #expect(second.claim.options.textScore == .question)
    #expect(second.claim.priority == 3)
    #expect(second.claim.form == .sidecar)
    #expect(try spool.names("inbox") == [])
  }

  @Test func aJobFileTakesTheMediaItNames() throws {
    let spool = try TestSpool()
    spool.spooler.step()
    try spool.drop("cam/a.png", "1")
    try spool.drop("b.png", "2")
    try spool.drop("both.job.json", #"{"media": ["b.png", "cam/a.png"], "prompt": "Same?"}"#)
    spool.run(seconds: 0.2, every: 0.1)
    let job = try #require(try spool.job("both.job.json"))
    #expect(job.state == .done)
    #expect(spool.workers.jobs.count == 1)
    #expect(spool.workers.jobs[0].media.map(\.name) == ["b.png", "cam/a.png"])
    #expect(try spool.names("inbox") == ["cam"])
    #expect(try spool.names("inbox/cam") == [])
  }

  @Test func aJobFileWaitsForItsMediaAndThenGivesUp() throws {
    let spool = try TestSpool()
    try spool.drop("late.job.json", #"{"media": ["late.mp4"]}"#)
    spool.run(seconds: 30)
    #expect(try spool.jobs().isEmpty)
    #expect(spool.spooler.watcher.incomplete["late.job.json"]?.contains("late.mp4") == true)
    spool.run(seconds: 40)
    let job = try #require(try spool.job("late.job.json"))
    #expect(job.state == .failed)
    #expect(job.error?.code == .jobMediaMissing)
    #expect(try spool.names("failed/\(job.id)/input") == ["late.job.json"])
  }

  @Test func aFolderWithAJobFileIsOneQuestion() throws {
    let spool = try TestSpool()
    try spool.drop("trip/2.png", "2")
    try spool.drop("trip/1.png", "1")
    try spool.drop("trip/job.json", #"{"prompt": "Where?"}"#)
    spool.run(seconds: 4)
    let job = try #require(try spool.job("trip"))
    #expect(job.state == .done)
    #expect(job.claim.form == .folder)
    #expect(spool.workers.jobs.first?.media.map(\.name) == ["1.png", "2.png"])
    #expect(try spool.names("inbox") == [])
  }

  @Test func filesOfASubFolderAreJobsWithTheSettingsOfTheFolder() throws {
    let spool = try TestSpool()
    try spool.drop(
      "garden/illava.toml", "prompt = \"Any animals?\"\npriority = 9\n[options]\nframes = 4\n")
    try spool.drop("garden/deep/x.mp4")
    spool.run(seconds: 4)
    let job = try #require(try spool.job("garden/deep/x.mp4"))
    #expect(job.claim.prompts == ["Any animals?"])
    #expect(job.claim.priority == 9)
    #expect(job.claim.options.frames == 4)
    #expect(try spool.names("inbox/garden") == ["deep", "illava.toml"])
  }

  @Test func aWrongFolderConfigurationKeepsItsFilesWaiting() throws {
    let spool = try TestSpool()
    try spool.drop("garden/illava.toml", "promt = \"Any animals?\"\n")
    try spool.drop("garden/x.mp4")
    spool.run(seconds: 10)
    #expect(try spool.jobs().isEmpty)
    #expect(spool.spooler.watcher.incomplete["garden/x.mp4"]?.contains("promt") == true)
    try spool.drop("garden/illava.toml", "prompt = \"Any animals?\"\n")
    spool.run(seconds: 10)
    #expect(try spool.job("garden/x.mp4")?.claim.prompts == ["Any animals?"])
  }

  @Test(arguments: [
    ".hidden.mp4", "a.part", "a.tmp", "a.mp4~", "a.crdownload", "Thumbs.db", "@eaDir/x.png",
    ".DS_Store", "a.MP4.PART",
  ])
  func litterIsNoJob(_ name: String) throws {
    let spool = try TestSpool()
    try spool.drop(name)
    spool.run(seconds: 120, every: 5)
    #expect(try spool.jobs().isEmpty)
  }

  @Test func theSameNameLaterIsANewJob() throws {
    let spool = try TestSpool()
    try spool.drop("door.mp4", "first")
    spool.run(seconds: 4)
    try spool.drop("door.mp4", "second")
    spool.run(seconds: 4)
    #expect(try spool.jobs().map(\.name) == ["door.mp4", "door.mp4"])
    #expect(try spool.names("outbox").count == 2)
  }
}
