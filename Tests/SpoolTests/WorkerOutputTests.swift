import Diagnostics
import FoundationEssentials
import Testing
import WorkerProtocol

@preconcurrency import Glibc
@testable import Spool

/// A worker sends its answer, which is no more trusted than the media it read.
@Suite struct WorkerOutputTests {
  @Test(arguments: [
    "../../claim.json", "/etc/passwd", "..", ".", "", ".hidden", "a/b", "answer.json\n", "a\u{0}b",
    "a\u{202E}b", String(repeating: "x", count: 129),
  ])
  func aNameThatLeadsElsewhereEndsTheWorker(_ name: String) throws {
    let spool = try TestSpool { $0.maxAttempts = 1 }
    spool.workers.behavior = { job in
      job.media[0].name == "bad.png"
        ? .sends(WorkerFile(name: name, size: 3), Array("bad".utf8)) : .answers
    }
    try spool.drop("bad.png")
    try spool.drop("good.png")
    spool.run(seconds: 10)
    let job = try #require(try spool.job("bad.png"))
    #expect(job.state == .failed)
    #expect(job.error?.code == .spoolWorkerEnded)
    #expect(try spool.job("good.png")?.state == .done)
    #expect(spool.workers.launches == 2)
  }

  @Test(arguments: [-1, WorkerOutput.maxBytes + 1, .max, .min])
  func aSizeThatNoAnswerHasEndsTheWorker(_ size: Int) throws {
    let spool = try TestSpool { $0.maxAttempts = 1 }
    spool.workers.behavior = { _ in .sends(WorkerFile(name: "answer.json", size: size), []) }
    try spool.drop("bad.png")
    spool.run(seconds: 10)
    #expect(try spool.job("bad.png")?.error?.code == .spoolWorkerEnded)
  }

  @Test func sizesDoNotAddUpWithoutEnd() throws {
    let folder = try TemporaryFolder()
    let output = WorkerOutput(try Folder(path: folder.path, calls: SystemCalls()))
    try output.begin(WorkerFile(name: "a", size: WorkerOutput.maxBytes))
    #expect(throws: Failure.self) { try output.begin(WorkerFile(name: "b", size: 1)) }
    #expect(throws: Failure.self) { try output.begin(WorkerFile(name: "c", size: .max)) }
  }

  @Test func bytesOfAFileAreNotTakenForLines() throws {
    let spool = try TestSpool()
    let bytes = Array(
      """
      {"answers":[{"prompt":"?","answer":"a"}],"more":[
      {"type":"cancelled"}
      ,
      {"type":"failed"}
      ]}
      """.utf8)
    spool.workers.behavior = { _ in
      .sends(WorkerFile(name: "answer.json", size: bytes.count), bytes)
    }
    try spool.drop("a.png")
    spool.run(seconds: 5)
    let job = try #require(try spool.job("a.png"))
    #expect(job.state == .done)
    #expect(Array(try spool.text("outbox/\(job.id)/answer.json").utf8) == bytes)
  }

  @Test func aFileThatIsCutShortIsNoAnswer() throws {
    let spool = try TestSpool { $0.maxAttempts = 1 }
    spool.workers.behavior = { _ in
      .sends(WorkerFile(name: "answer.json", size: 1_000_000), Array("short".utf8))
    }
    try spool.drop("a.png")
    // Everything that follows counts as bytes of the file, so no message is read any more.
    spool.run(seconds: spool.settings.stall + 60, every: 2)
    #expect(try spool.job("a.png")?.state == .failed)
    #expect(try spool.names("outbox") == [])
  }

  @Test func aFullDiskIsSaidAndTheJobIsTriedAgain() throws {
    let spool = try TestSpool()
    spool.fault.set(.write, ENOSPC, at: 0, count: 1, paths: "output/answer.json")
    try spool.drop("a.png")
    spool.run(seconds: 4)
    let job = try #require(try spool.job("a.png"))
    #expect(job.state == .retrying)
    #expect(job.error?.code == .spoolDiskFull)
    spool.fault.clear()
    spool.run(seconds: 30)
    #expect(try spool.job("a.png")?.state == .done)
    // The worker is still the same, with its model.
    #expect(spool.workers.launches == 1)
  }

  @Test func anotherModelIsForAnotherWorker() throws {
    let spool = try TestSpool()
    try spool.drop("a.png")
    spool.run(seconds: 4)
    var settings = spool.settings
    settings.model = "/other"
    spool.spooler.apply(settings)
    try spool.drop("b.png")
    spool.run(seconds: 4)
    #expect(try spool.job("b.png")?.state == .done)
    #expect(spool.workers.models == ["/model", "/other"])
  }

  @Test func aModelThatCouldNotBeUsedIsTriedByAnotherWorker() throws {
    let spool = try TestSpool()
    spool.workers.behavior = { [weak workers = spool.workers] _ in
      workers?.launches == 1
        ? .fails(Failure(.modelUnusable, code: FailureCode(rawValue: "checkpoint.bad"), "no model"))
        : .answers
    }
    try spool.drop("a.png")
    spool.run(seconds: 60, every: 2)
    #expect(try spool.job("a.png")?.state == .done)
    #expect(spool.workers.launches == 2)
  }

  @Test func noNumberOfAWorkerEndsTheDaemon() throws {
    let spool = try TestSpool()
    for extreme in [Int.min, .max] {
      let plan = WorkerPlan(
        predicted: extreme, uncorrected: extreme, budget: extreme, adaptations: ["x"])
      spool.workers.behavior = { _ in .plansAndAnswers(plan, peak: extreme) }
      try spool.drop("\(extreme).png")
      spool.run(seconds: 4)
      _ = try spool.spooler.live()
      _ = try Metrics(spooler: spool.spooler).text
    }
    #expect(try spool.jobs().allSatisfy { $0.state == .done })
    let told = WorkerEvent.progress(
      WorkerProgress(stage: "media", share: -5, prompt: .max, prompts: .min)
    ).plausible
    #expect(
      told == .progress(WorkerProgress(stage: "media", share: 0, prompt: 1 << 20, prompts: 0)))
    var report = ErrorReport(Failure(.fault, code: FailureCode(rawValue: "a.b"), "x"))
    report.message = String(repeating: "x", count: 1 << 20)
    guard case .failed(let shorter) = WorkerEvent.failed(report).plausible else { return }
    report.message = String(repeating: "x", count: 4000) + "…"
    #expect(shorter == report)
  }

  @Test func aJobThatWasLookedAtCannotBlameTheModel() throws {
    let spool = try TestSpool { $0.maxAttempts = 2 }
    spool.workers.behavior = { job in
      job.media[0].name == "bad.png"
        ? .looksAndFails(
          Failure(.modelUnusable, code: FailureCode(rawValue: "checkpoint.bad"), "no model"))
        : .answers
    }
    try spool.drop("bad.png")
    try spool.drop("good.png")
    spool.run(seconds: 60)
    #expect(try spool.job("bad.png")?.state == .failed)
    #expect(try spool.job("good.png")?.state == .done)
  }

  @Test func whatSomebodyPutIntoTheOutputIsNotWrittenTo() throws {
    let folder = try TemporaryFolder()
    let foreign = folder.path + "/foreign"
    try Data("kept".utf8).write(to: URL(filePath: foreign))
    mkdir(folder.path + "/output", 0o700)
    #expect(link(foreign, folder.path + "/output/answer.json") == 0)
    let output = WorkerOutput(try Folder(path: folder.path + "/output", calls: SystemCalls()))
    try output.begin(WorkerFile(name: "answer.json", size: 3))
    output.take(Array("new".utf8))
    #expect(output.failure == nil)
    #expect(try Data(contentsOf: URL(filePath: foreign)) == Data("kept".utf8))
    let answer = try Data(contentsOf: URL(filePath: folder.path + "/output/answer.json"))
    #expect(answer == Data("new".utf8))
  }

  @Test func whatTheCageLacksIsSaidOnce() throws {
    let spool = try TestSpool()
    for _ in 0..<3 {
      spool.spooler.dispatcher.note(WorkerCage(parts: ["a"], missing: ["Landlock, which is not"]))
    }
    #expect(spool.messages.count { $0.contains("cage lacks: Landlock") } == 1)
    let cage = try #require(try spool.spooler.live().cage)
    #expect(CageCheck.finding(cage).level == .note)
    #expect(CageCheck.finding(cage).message.contains("Landlock, which is not"))
    spool.spooler.dispatcher.note(WorkerCage(parts: ["a"]))
    #expect(CageCheck.finding(try spool.spooler.live().cage).level == .good)
  }

  @Test func aWorkerGetsLittleOfTheEnvironment() {
    let all = [
      "HOME": "/root", "SECRET_TOKEN": "x", "NOTIFY_SOCKET": "/run/x", "LANG": "C",
      "LD_PRELOAD": "x.so", "ILLAVA_KERNELS": "avx2", "ILLAVA_SPOOL": "/elsewhere",
    ]
    #expect(
      WorkerEnvironment.settings(all, spool: "/spool") == [
        "ILLAVA_KERNELS=avx2", "LANG=C", "OPENBLAS_NUM_THREADS=1", "SWIFT_BACKTRACE=enable=no",
      ])
    let faulty = WorkerEnvironment.settings(["ILLAVA_WORKER_FAULT": "crash:x"], spool: "/spool")
    #expect(faulty.contains("ILLAVA_SPOOL=/spool"))
  }
}
