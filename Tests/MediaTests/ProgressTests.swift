import Diagnostics
import Foundation
import Synchronization
import Testing

@testable import Media

/// Whoever waits for a file hears of it, and can end the reading.
@Suite struct ProgressTests {
  private final class Shares {
    var all: [Double] = []
    var longest = Duration.zero
    var last = ContinuousClock.now

    func note(_ share: Double) {
      all.append(share)
      longest = max(longest, .now - last)
      last = .now
    }
  }

  /// A video that takes a while to decode.
  private func slow() throws -> String {
    try Fixtures.make(
      "slow.mp4", from: "testsrc2=size=1280x720:rate=30:duration=12",
      "-c:v libx264 -preset ultrafast -g 1000")
  }

  @Test func decodingTellsTheShareThatIsDone() throws {
    let path = try slow()
    let shares = Shares()
    var reading = MediaReading()
    reading.progress = { share in shares.note(share) }
    _ = try VideoFile.sample(path: path, sampling: .exactly(4), reading: reading) { _, _, _ in
      (32, 64)
    }
    #expect(!shares.all.isEmpty)
    #expect(shares.all == shares.all.sorted() && shares.all.allSatisfy { (0...1).contains($0) })
    // A quarter of a second on a quiet machine.
    #expect(shares.longest < .seconds(2))
  }

  @Test func anErrorOfTheListenerEndsTheReading() throws {
    let path = try slow()
    let stop = Failure(.usage, code: .mediaBadSampling, "enough")
    var reading = MediaReading()
    reading.progress = { _ throws(Failure) in throw stop }
    let start = ContinuousClock.now
    let thrown = failure {
      _ = try VideoFile.sample(path: path, sampling: .exactly(600), reading: reading) { _, _, _ in
        (32, 64)
      }
    }
    #expect(thrown?.message == "enough")
    #expect(ContinuousClock.now - start < .seconds(2))
  }

  @Test func aDigestTellsTheShareThatIsDone() throws {
    // Sparse, so that it takes no space.
    let path = Fixtures.folder.appending(path: "large.bin").path
    try Data().write(to: URL(filePath: path))
    let file = try FileHandle(forWritingTo: URL(filePath: path))
    try file.truncate(atOffset: 48 << 20)
    try file.close()
    let shares = Shares()
    let digest = try FileDigest.sha256(path: path) { share in shares.note(share) }
    #expect(digest == (try FileDigest.sha256(path: path)))
    #expect(!shares.all.isEmpty && shares.all == shares.all.sorted())
    let thrown = failure {
      _ = try FileDigest.sha256(path: path) { _ throws(Failure) in
        throw Failure(.usage, code: .mediaBadSampling, "enough")
      }
    }
    #expect(thrown?.message == "enough")
  }

  @Test func reportsNeverFallAndKeepAnErrorForTheNextCall() throws {
    let shares = Shares()
    let progress = ReadingProgress { share throws(Failure) in
      shares.note(share)
      if shares.all.count == 3 { throw Failure(.usage, code: .mediaBadSampling, "enough") }
    }
    progress.begin(0.5, 1)
    for share in [0.5, .nan, 0.1, -.infinity] {
      Thread.sleep(forTimeInterval: 0.26)
      let thrown = failure { try progress.advance(share) }
      #expect(thrown == nil || (thrown?.message == "enough" && shares.all.count == 3))
    }
    #expect(shares.all == [0.75, 0.75, 0.75])
    #expect(!progress.beat())
    #expect(failure { try progress.check() }?.message == "enough")
  }
}
