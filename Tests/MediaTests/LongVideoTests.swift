import Foundation
import Media
import Testing

/// The memory that a long video takes. The test needs some minutes, so it runs only on request:
///
///     ILLAVA_LONG_VIDEO=1 swift test --filter LongVideoTests
@Suite(.enabled(if: ProcessInfo.processInfo.environment["ILLAVA_LONG_VIDEO"] != nil))
struct LongVideoTests {
  /// The peak resident memory of this process, in MiB.
  private func peak() throws -> Int {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
    let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
    return try #require(words.dropFirst().first.flatMap { Int($0) }) / 1024
  }

  @Test func tenMinutesOfFullHDFitInto300MB() throws {
    let path = try Fixtures.make(
      "long.mp4", from: "testsrc2=size=1920x1080:rate=30:duration=600",
      "-c:v libx264 -preset ultrafast")
    let video = try VideoFile.sample(path: path) { _, _, _ in (128, 224) }
    #expect(video.totalFrames == 18_000 && video.frames.count == 768)
    let used = try peak()
    print("peak: \(used) MiB")
    #expect(used < 300)
  }
}
