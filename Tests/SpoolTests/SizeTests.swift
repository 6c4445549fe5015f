import Basics
import Diagnostics
import FoundationEssentials
import Testing
import WorkerProtocol

@preconcurrency import Glibc
@testable import Spool

/// Sizes, times and numbers from outside, at their extremes.
@Suite struct SizeTests {
  @Test(arguments: [
    (Int.max, 1, Int.max), (.min, -1, .min), (.max, .max, .max), (.max, .min, -1), (2, 3, 5),
  ])
  func sumsStopAtTheEnds(_ left: Int, _ right: Int, _ sum: Int) {
    #expect(left.addingClamped(right) == sum)
    #expect([left, right].clampedSum() == sum)
  }

  @Test func differencesAndProductsStopAtTheEnds() {
    #expect(Int.min.subtractingClamped(1) == .min)
    #expect(Int.max.subtractingClamped(-1) == .max)
    #expect(0.subtractingClamped(Int.min) == .max)
    #expect(UInt64(1).subtractingClamped(2) == 0)
    #expect(Int.max.multipliedClamped(by: 2) == .max)
    #expect(Int.max.multipliedClamped(by: -2) == .min)
    #expect(Int.min.multipliedClamped(by: -1) == .max)
    #expect(UInt64.max.multipliedClamped(by: 4096) == .max)
  }

  @Test func numbersWithAFractionBecomeTheNearestWholeOne() {
    for (value, whole) in [
      (1e300, Int.max), (-1e300, .min), (.infinity, .max), (-.infinity, .min), (.nan, 0), (1.9, 1),
      (-1.9, -1), (0x1p63, .max), (-0x1p63, .min), (9.2e18, 9_200_000_000_000_000_000),
    ] { #expect(Int(clamping: value) == whole) }
    #expect(Int32(clamping: 3e9) == .max)
    #expect(UInt8(clamping: -1.0) == 0)
  }

  @Test func timesOfAnyLengthAreMilliseconds() {
    #expect(SpoolClock.milliseconds(1.5) == 1500)
    #expect(SpoolClock.milliseconds(.infinity) == 1_000_000_000_000_000)
    #expect(SpoolClock.milliseconds(1e30) == 1_000_000_000_000_000)
    #expect(SpoolClock.milliseconds(-5) == 0)
    #expect(SpoolClock.milliseconds(.nan) == 0)
    #expect(Backoff(first: 1, most: .infinity).milliseconds(after: .min) <= 1000)
    #expect(Backoff(first: 1e300, most: 1e300).milliseconds(after: .max) > 1_000_000_000)
  }

  @Test(arguments: [0, 1e30, 1e300, -1e30, .infinity, .nan])
  func whatIsCleanedByAgeMayBeAnyAge(_ seconds: Double) throws {
    let spool = try TestSpool()
    try spool.drop("a.png")
    spool.run(seconds: 4)
    let reply = spool.spooler.handle(ControlRequest(.clean, olderThan: seconds))
    #expect(reply.error == nil)
    #expect(try spool.job("a.png")?.isCleaned == (seconds == 0 || seconds.isNaN || seconds < 0))
  }

  @Test func aFolderOfFilesOfEightExbibytesIsRefused() throws {
    let spool = try TestSpool { $0.largestMedium = 64 << 30 }
    for name in ["a.png", "b.png"] {
      try spool.drop(".poison/\(name)")
      #expect(truncate(spool.path("inbox/.poison/\(name)"), .max - 4095) == 0)
    }
    try spool.drop(".poison/job.json", #"{"prompt": "x"}"#)
    rename(spool.path("inbox/.poison"), spool.path("inbox/poison"))
    try spool.drop("good.png")
    spool.run(seconds: 10)
    let job = try #require(try spool.job("poison"))
    #expect(job.state == .failed)
    #expect(job.error?.code == .spoolMediumTooLarge)
    #expect(job.error?.message.contains("limits.largest_medium is 64 GiB") == true)
    #expect(job.claim.mediaBytes == .max)
    #expect(try spool.job("good.png")?.state == .done)
    spool.spooler.cleaner.settings.keepBytes = 1 << 30
    #expect(try spool.spooler.cleaner.round().texts == [])
    try spool.restart()
    #expect(try spool.jobs().count == 2)
  }

  @Test func withoutALimitLargeFilesWithHolesAreRefusedAllTheSame() throws {
    let spool = try TestSpool { $0.largestMedium = 0 }
    try spool.drop(".sparse.png", "a picture")
    #expect(truncate(spool.path("inbox/.sparse.png"), 300 << 30) == 0)
    rename(spool.path("inbox/.sparse.png"), spool.path("inbox/sparse.png"))
    // Cameras preallocate files, so some holes are allowed.
    try spool.drop(".ahead.mp4", "a video")
    #expect(truncate(spool.path("inbox/.ahead.mp4"), 512 << 20) == 0)
    rename(spool.path("inbox/.ahead.mp4"), spool.path("inbox/ahead.mp4"))
    spool.run(seconds: 8)
    #expect(try spool.job("sparse.png")?.error?.code == .spoolSparse)
    #expect(try spool.job("sparse.png")?.error?.message.contains("300 GiB") == true)
    #expect(try spool.job("ahead.mp4")?.state == .done)
    #expect(spool.workers.jobs.count == 1)
  }

  @Test func theDeadlineGrowsWithSizeUpToALimit() throws {
    let spool = try TestSpool {
      $0.deadline = 100
      $0.deadlinePerMiB = 10
      $0.deadlineMax = 3600
      $0.largestMedium = 0
      $0.stall = 1e9
    }
    spool.workers.behavior = { _ in .hangs }
    try spool.drop(".big.mp4", "x")
    #expect(truncate(spool.path("inbox/.big.mp4"), 1 << 30) == 0)
    rename(spool.path("inbox/.big.mp4"), spool.path("inbox/big.mp4"))
    spool.run(seconds: 2)
    let running = try #require(spool.spooler.live().running.first)
    #expect((3500...3600).contains(running.deadline))
  }

  @Test func keptBytesAreThoseOnDisk() throws {
    let spool = try TestSpool()
    for name in ["a.png", "b.png"] {
      try spool.drop(name)
      spool.run(seconds: 4)
    }
    // A long answer from another source that takes nearly no space.
    let last = try #require(try spool.job("b.png")?.id)
    try Data("x".utf8).write(to: URL(filePath: spool.path("outbox/\(last)/video.mp4")))
    #expect(truncate(spool.path("outbox/\(last)/video.mp4"), 1 << 40) == 0)
    spool.spooler.cleaner.settings.keepBytes = 100 << 20
    #expect(try spool.spooler.cleaner.round().texts == [])
    #expect(try spool.jobs().allSatisfy { !$0.isCleaned })
  }

  @Test func aFileWithSeveralNamesCountsOnce() throws {
    let spool = try TestSpool()
    let layout = spool.spooler.layout
    let folder = try layout.outbox.makeFolder("x")
    try folder.write([UInt8](repeating: 1, count: 1 << 20), to: "one")
    let alone = try layout.outbox.diskUse("x")
    #expect(alone >= 1 << 20)
    for number in 0..<3 { try folder.link("one", to: folder, BytePath("other-\(number)")) }
    #expect(try layout.outbox.diskUse("x") <= alone + 4096)
    #expect(try layout.outbox.diskUse("missing") == 0)
  }

  @Test func whatWorkersSayIsNotBelieved() throws {
    var durations = StageDurations()
    durations.add(["vision": 1e308, "decode": -5, "other": 3])
    durations.add(["vision": 1e308])
    let progress = WorkerProgress(
      stage: "vision", share: 1e308, prompt: .max, prompts: .min)
    #expect(durations.remaining(progress)?.isFinite == true)
    let more = WorkerProgress(stage: "media", share: -1e308, prompt: .min, prompts: .max)
    #expect(durations.remaining(more)?.isFinite == true)
    #expect(durations.seconds["other"] == nil)
  }

  @Test func aPathOfAMegabyteIsRefusedAtOnce() throws {
    let path = String(repeating: "a/", count: 400_000)
    let failure = #expect(throws: (any Error).self) {
      try JobDocument(json: Array("{\"media\": [\"\(path)\"]}".utf8), source: "x.job.json")
    }
    #expect("\(try #require(failure))".utf8.count < 2000)
  }
}
