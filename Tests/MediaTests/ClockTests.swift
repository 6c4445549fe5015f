import Foundation
import Testing

@testable import Media

/// Clocks of recorders that jump, and recordings that wait.
@Suite struct ClockTests {
  @Test(arguments: [
    "jump-26h-in-the-middle.mp4", "jump-26h-after-first-frame.mp4", "jump-9800s-in-the-middle.ts",
    "last-frame-far-away.mp4", "passing/clock-reset-concat.ts",
  ])
  func framesAreSpreadOverWhatWasRecorded(name: String) throws {
    let video = try sample(CaseFiles.path(name), .exactly(8))
    let wanted = [0, 14, 28, 42, 57, 71, 85, 99]
    #expect(video.indices == wanted)
    #expect(video.frameRate == 25)
    #expect(video.timestamps == video.timestamps.sorted())
    #expect(try sample(CaseFiles.path(name)).indices == wanted)
  }

  /// The frame before a gap stood still for a minute, so it is one of those that are shown.
  @Test func theFrameBeforeAGapIsShownOnce() throws {
    let video = try sample(CaseFiles.path("gap-60s-in-the-middle.mp4"), .exactly(8))
    #expect(video.indices == [0, 14, 28, 49, 57, 71, 85, 99])
    #expect(
      try sample(CaseFiles.path("gap-60s-in-the-middle.mp4"), .exactly(2)).indices == [0, 99])
  }

  /// A screen recording leaves out frames that are like the one before: here blue, for 6 s.
  @Test func aPictureThatStandsStillIsShown() throws {
    let path = try Fixtures.make(
      "hold.mp4",
      from: "color=red:s=64x64:r=30:d=2[a];color=blue:s=64x64:r=30:d=0.04[b];"
        + "color=lime:s=64x64:r=30:d=2[c];[a][b][c]concat=n=3,"
        + "setpts='if(gt(N,60),PTS+6/TB,PTS)'",
      "-fps_mode vfr -c:v libx264")
    let seen = try sample(path, .exactly(8)).frames.map { $0.color(32, 32) }
    #expect(seen.filter { distance($0, [0, 0, 255]) < 8 }.count == 1)
  }

  /// What an animation shows for half a minute fills most of its frames.
  @Test func theDelayOfAnAnimationIsNoGap() throws {
    let path = try Fixtures.make(
      "delay.gif", from: "testsrc2=s=64x64:r=10:d=1,setpts='if(gt(N,4),PTS+30/TB,PTS)'",
      "-fps_mode vfr")
    let video = try sample(path, .exactly(8))
    #expect(video.indices.filter { $0 == 4 }.count >= 3)
    #expect(!video.warnings.contains { $0.contains("gap") })
  }

  @Test func aGapStaysInTheTimesAndAnErrorOfTheClockDoesNot() throws {
    let gap = try sample(CaseFiles.path("gap-60s-in-the-middle.mp4"), .exactly(8))
    #expect(abs(gap.timestamps[7] - 63.96) < 0.001 && abs(gap.durationSeconds - 64) < 0.001)
    #expect(gap.warnings.contains { $0.contains("a gap without frames, 60.0 s") })
    let jump = try sample(CaseFiles.path("jump-26h-in-the-middle.mp4"), .exactly(8))
    #expect(abs(jump.timestamps[7] - 3.96) < 0.001 && jump.durationSeconds == 4)
    #expect(jump.warnings.contains { $0.contains("jump ahead once, by 93600.0 s") })
    #expect(!jump.warnings.contains { $0.contains("ends early") })
  }

  @Test func shortSegmentsMakeOneVideo() throws {
    let video = try sample(CaseFiles.path("short-segments-joined.ts"))
    #expect(video.totalFrames == 500 && video.frames.count == 40)
    #expect(video.durationSeconds == 20)
    #expect(Set(video.frames.map(\.pixels)).count > 15)
    let sizes = try sample(CaseFiles.path("size-changes.ts"), .exactly(5))
    #expect(sizes.totalFrames == 50 && sizes.durationSeconds == 2)
    #expect(sizes.indices == [0, 12, 24, 37, 49])
  }

  private func clock(
    _ stamps: [Int64], starts: [Int] = [0], tick: Double = 0.001, duration: Double? = nil
  ) throws -> FrameClock {
    try #require(
      FrameClock(stamps: stamps, starts: starts, tick: tick, usual: 0.04, duration: duration))
  }

  private let plain = (0..<20).map { Int64($0) * 40 }

  @Test func aFrameFromTheFutureTakesNoTime() throws {
    // Frame 10 is ten minutes ahead, and the clock comes back after it.
    var stamps = plain
    stamps[10] += 600_000
    let mended = try clock(stamps, starts: [0, 11])
    #expect(mended.times == plain)
    #expect(mended.withoutGaps == nil && mended.resets == 1 && mended.jumps.count == 1)
  }

  @Test func slidesAndTimeLapsesHaveNoGaps() throws {
    let slides = try clock([0, 3000, 4000, 20000, 21000, 60000, 61000, 62000, 63000, 90000])
    #expect(slides.withoutGaps == nil && slides.times.last == 90000)
    let lapse = try clock((0..<50).map { Int64($0) * 3_600_000 * 5 })
    #expect(lapse.withoutGaps == nil && lapse.jumps.count == 0)
    #expect(try clock([0, 100_000]).times == [0, 100_000])
  }

  @Test func aLongPauseCountsWhereTheContainerStatesIt() throws {
    let stamps = plain + plain.map { $0 + 40_000_000 }
    #expect(try clock(stamps).times.last == 39 * 40)
    #expect(try clock(stamps, duration: 40_000.8).times == stamps)
    #expect(try clock(stamps, duration: 1.6).times.last == 39 * 40)
  }

  @Test func timesNearTheLimitsOfSixtyFourBitsDoNotTrap() throws {
    let wild: [[Int64]] = [
      [.min + 1, 0, .max], [.max, .max, .max], [0, 40, .max - 1, .max], [-40, 0, 40, 80, .max],
      [.min + 1, .min + 41, .min + 81, 40, .max], [0], [.max], [0, 0, 0, 0],
    ]
    for stamps in wild {
      for tick in [1e-9, 0.001, 1, 3e7] {
        guard let mended = FrameClock(stamps: stamps, starts: [0], tick: tick, usual: 0.04) else {
          continue
        }
        #expect(mended.times.count == stamps.count && mended.times == mended.times.sorted())
        let line = Timeline(count: stamps.count, clock: mended, tick: tick, declaredRate: nil)
        #expect(line.indices(.exactly(3)).allSatisfy(stamps.indices.contains))
        #expect(line.duration.isFinite)
      }
    }
    #expect(FrameClock(stamps: [], starts: [0], tick: 1, usual: 1) == nil)
  }
}
