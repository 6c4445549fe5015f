import Diagnostics
import FoundationEssentials
import GRDB
import Testing
import WorkerProtocol

@preconcurrency import Glibc

@testable import JobCommands
@testable import Spool

/// What a worker says about its media reaches the people who read lists.
@Suite struct WarningTests {
  private static let damage = "a.png is damaged (its end is missing)"

  /// A spool in which `a.png` was answered with these warnings, and `b.png` without any.
  private func answered(
    _ warnings: [String], notes: [String] = [], duplicates: Settings.Duplicates = .run
  ) throws -> TestSpool {
    let spool = try TestSpool { $0.duplicates = duplicates }
    spool.workers.behavior = { job in
      var summary = FakeWorker.summary
      if job.media[0].name == "a.png" { summary.add(warnings: warnings, notes: notes) }
      return .reports(summary)
    }
    for name in ["a.png", "b.png"] { try spool.drop(name, name) }
    spool.run(seconds: 6)
    #expect(try spool.jobs().allSatisfy { $0.state == .done })
    return spool
  }

  private func lines(_ jobs: [Job]) -> [String] {
    JobText.lines(jobs, width: 100, style: .init(isColored: false))
  }

  @Test func aListMarksTheJobAndSaysWhatTheMarkMeans() throws {
    let spool = try answered([Self.damage])
    let lines = lines(try spool.jobs())
    #expect(lines.count { $0.contains("done !") } == 1)
    #expect(lines.first { $0.contains("a.png") }?.contains("done !") == true)
    #expect(lines.last?.hasPrefix("! ") == true)
    #expect(lines.last?.contains("illava show") == true)
    let page = try StatusPage(SpoolClient(root: spool.folder.path), live: nil)
    #expect(
      page.lines(width: 100, style: .init(isColored: false)).contains {
        $0.contains("2 done (1 with warnings)")
      })
    #expect(page.entry.jobs_with_warnings == 1)
    let metrics = try Metrics(spooler: spool.spooler).text
    #expect(metrics.contains("illava_jobs_with_warnings 1\n"))
  }

  @Test func aListWithoutWarningsIsAsItWas() throws {
    let spool = try answered([], notes: ["the LLM has 6 layers"])
    #expect(!lines(try spool.jobs()).contains { $0.contains("!") })
    #expect(try spool.spooler.store.overview().warned == 0)
    #expect(try spool.job("a.png")?.summary?.notes == ["the LLM has 6 layers"])
  }

  @Test func aJobShowsEachOfThem() throws {
    let spool = try answered([Self.damage, "the frame rate varies"], notes: ["a note"])
    let job = try #require(try spool.job("a.png"))
    let remarks = JobText.remarks(job, answer: nil)
    #expect(remarks.map(\.name) == ["warning", "warning", "note"])
    #expect(remarks.map(\.words) == [Self.damage, "the frame rate varies", "a note"])
    let json = try JSONEncoder().encode(JobEntry(job))
    #expect(String(decoding: json, as: UTF8.self).contains("the frame rate varies"))
    // The history says it, too.
    #expect(
      try spool.spooler.store.events(of: job.id).contains {
        $0.level == .warning && $0.text.contains(Self.damage)
      })
  }

  @Test(arguments: [Settings.Duplicates.link, .skip])
  func aDuplicateHasTheSameOnes(_ duplicates: Settings.Duplicates) throws {
    let spool = try answered([Self.damage], duplicates: duplicates)
    try spool.drop("a.png", "a.png")
    spool.run(seconds: 6)
    let job = try #require(try spool.jobs().last)
    #expect(job.duplicateOf != nil)
    #expect(job.summary?.warnings == [Self.damage])
    #expect(try spool.spooler.store.overview().warned == 2)
  }

  @Test func anAnswerWhoseSummaryWasLostStillHasItsWarnings() throws {
    let answer = #"{"questions":[{"prompt":"?","answer":"a"}],"warnings":["\#(Self.damage)"]}"#
    let spool = try TestSpool()
    spool.workers.behavior = { _ in .writes(answer) }
    // The power fails after the rename and before the store.
    spool.fault.set(.commit, EIO, at: 2, count: 1000)
    try spool.drop("a.png")
    spool.run(seconds: 5)
    #expect(try spool.job("a.png")?.state == .running)
    spool.fault.clear()
    try spool.restart()
    let job = try #require(try spool.job("a.png"))
    #expect(job.state == .done)
    #expect(job.summary == nil)
    let found = try SpoolClient(root: spool.folder.path).answer(job)
    #expect(JobText.remarks(job, answer: found).map(\.words) == [Self.damage])
  }

  @Test func theirNumberAndLengthAreBounded() throws {
    let long = String(repeating: "é", count: 10_000)
    var summary = FakeWorker.summary
    summary.add(warnings: (1...500).map { "\($0) \(long)" } + ["1 \(long)"], notes: [])
    let own = try #require(summary.warnings)
    #expect(own.count == WorkerSummary.mostTexts + 1)
    #expect(own.allSatisfy { $0.utf8.count < 600 })
    #expect(own.last == "480 more are in answer.json")
    // A worker that was taken over says what it likes.
    summary.warnings = (1...10_000).map { "\($0) \(long.prefix(1000))" }
    summary.notes = summary.warnings
    guard case .done(let plausible) = WorkerEvent.done(summary).plausible else { return }
    #expect(plausible.warnings?.count == WorkerSummary.mostTexts + 1)
    #expect(plausible.notes?.count == WorkerSummary.mostTexts + 1)
    #expect(plausible.warnings?.allSatisfy { $0.utf8.count < 600 } == true)
  }

  @Test func whatIsSaidTwiceIsKeptOnce() {
    var summary = FakeWorker.summary
    #expect(summary.warnings == nil)
    summary.add(warnings: [], notes: [])
    #expect(summary.warnings == nil)
    summary.add(warnings: ["a", "b"], notes: ["n"])
    summary.add(warnings: ["b", "c"], notes: ["n"])
    #expect(summary.warnings == ["a", "b", "c"])
    #expect(summary.notes == ["n"])
  }

  @Test func aStoreOfTheVersionBeforeOpensAndCounts() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/state.sqlite"
    let id = JobIDs().next(milliseconds: 1)
    let summary =
      #"{"answer":"x","peakMemory":1,"seconds":{},"visualTokens":1,"visualTokensLeft":1}"#
    do {
      let queue = try DatabaseQueue(path: path)
      try StoreSchema.migrator.migrate(queue, upTo: "3 indexes, forgotten jobs")
      try queue.write { db in
        try db.execute(
          sql: """
            INSERT INTO jobs (id, state, claim, name, created, updated, rank, summary)
            VALUES (?, 'done', '{}', x'612e706e67', 1, 1, 1, ?)
            """, arguments: [id, summary])
      }
    }
    // A reader comes before the daemon has brought it up to date.
    let reader = try JobStore(reading: path)
    #expect(try reader.overview().warned == nil)
    #expect(try reader.job(id)?.summary?.warnings == nil)
    let store = try JobStore(path: path, calls: SystemCalls())
    #expect(try store.overview().warned == 0)
    #expect(try store.job(id)?.summary?.answer == "x")
    #expect(try store.integrityProblems().isEmpty)
  }
}
