import Diagnostics
import Testing

@testable import Media

@Suite struct FrameSamplingTests {
  @Test(arguments: [
    // total, rate, wanted rate, indices as the reference gives them.
    (18, 6.0, 2.0, [0, 3, 7, 10, 14, 17]),
    (50, 25.0, 2.0, [0, 16, 33, 49]),
    (1, 30.0, 2.0, [0]),
    (3, 30.0, 2.0, [0, 1, 2]),
    (120, 29.97002997002997, 2.0, [0, 17, 34, 51, 68, 85, 102, 119]),
    // 2.5 and 4.5 … round to the even number.
    (6, 6.0, 0.5, [0, 2, 3, 5]),
    (10, 5.0, 2.0, [0, 3, 6, 9]),
    (11, 4.0, 2.0, [0, 2, 5, 8, 10]),
  ])
  func indicesMatchTheReference(total: Int, rate: Double, fps: Double, expected: [Int]) {
    #expect(FrameSampling(fps: fps).indices(total: total, frameRate: rate) == expected)
  }

  @Test(arguments: [
    // As HF's Qwen2VLVideoProcessor: the first frames of equal parts, an even number of them.
    (18, 6.0, 2.0, [0, 3, 6, 9, 12, 15]),
    (18, 6.0, 4.0, [0, 1, 3, 4, 6, 7, 9, 10, 12, 13, 15, 16]),
    (15, 6.0, 2.0, [0, 3, 7, 11]),
    (25, 10.0, 2.0, [0, 6, 12, 18]),
    (3, 30.0, 2.0, [0, 1]),
    (1, 30.0, 2.0, [0]),
    (7, 1.0, 0.5, [0, 1, 3, 5]),
  ])
  func equalPartsGiveTheirFirstFrames(total: Int, rate: Double, fps: Double, expected: [Int]) {
    let sampling = FrameSampling(fps: fps, spacing: .starts, multiple: 2)
    #expect(sampling.indices(total: total, frameRate: rate) == expected)
    // A number that was asked for is not rounded.
    #expect(sampling.taking(3).indices(total: 9, frameRate: rate) == [0, 3, 6])
  }

  @Test(arguments: [
    // total, frames, indices as NumPy's linspace cuts them to integers.
    (12, 4, [0, 3, 7, 11]), (18, 4, [0, 5, 11, 17]), (10, 3, [0, 4, 9]), (5, 1, [0]),
    (3, 3, [0, 1, 2]), (50, 8, [0, 7, 14, 21, 28, 35, 42, 49]),
  ])
  func placesFromEndToEndAreCutToTheFrameBefore(total: Int, frames: Int, expected: [Int]) {
    let sampling = FrameSampling(fps: nil, spacing: .endsCut).taking(frames)
    #expect(sampling.indices(total: total, frameRate: 25) == expected)
    let times = (0..<total).map { Double($0) / 25 }
    #expect(sampling.indices(times: times, frameRate: 25) == expected)
  }

  @Test func partsOfAVideoWithUnevenTimesGiveTheirFirstFrames() {
    let sampling = FrameSampling(fps: 2, minFrames: 2, spacing: .starts, multiple: 2)
    #expect(sampling.indices(times: [0, 0.1, 0.9, 1.1, 2], frameRate: 1.7) == [0, 1, 2, 3])
  }

  @Test func aUsualNumberOfFramesIsTakenWithoutARateAndNeverMoreThanThereAre() {
    var sampling = FrameSampling(fps: nil, minFrames: 1, spacing: .middles, usualFrames: 8)
    #expect(sampling.indices(total: 16, frameRate: 1) == [1, 3, 5, 7, 9, 11, 13, 15])
    #expect(sampling.indices(total: 3, frameRate: 1) == [0, 1, 2])
    #expect(sampling.indices(total: 0, frameRate: 1) == [])
    #expect(sampling.taking(2).indices(total: 16, frameRate: 1) == [4, 12])
    sampling.fps = 0.25
    #expect(sampling.indices(total: 16, frameRate: 1) == [2, 6, 10, 14])
  }

  @Test func theNumberOfFramesIsClamped() {
    let sampling = FrameSampling(fps: 2)
    #expect(sampling.count(total: 100, frameRate: 100) == 4)
    #expect(sampling.count(total: 2, frameRate: 100) == 2)
    #expect(sampling.count(total: 100_000, frameRate: 25) == 768)
    #expect(sampling.count(total: .max, frameRate: 1e-300) == 768)
    #expect(sampling.count(total: 480, frameRate: 0) == 40)
    #expect(FrameSampling(fps: 1e308).count(total: 1000, frameRate: 1e-9) == 768)
  }

  @Test func anExactNumberRepeatsFramesOfAShortVideo() {
    #expect(FrameSampling.exactly(5).indices(total: 3, frameRate: 25) == [0, 0, 1, 2, 2])
    #expect(FrameSampling.exactly(1).indices(total: 9, frameRate: 25) == [0])
    #expect(FrameSampling.exactly(3).indices(total: 0, frameRate: 25) == [])
  }

  @Test func contradictorySettingsAreAUsageFailure() {
    var both = FrameSampling(fps: 2)
    both.frames = 8
    let wrong = [
      both, FrameSampling(fps: 0), FrameSampling(fps: -1), FrameSampling(fps: .nan),
      FrameSampling(fps: .infinity), .exactly(0), .exactly(-3), .exactly(.max),
      FrameSampling(minFrames: 0), FrameSampling(minFrames: 9, maxFrames: 8),
    ]
    for sampling in wrong {
      #expect(failure { try sampling.validate() }?.kind == .usage, "\(sampling)")
    }
    #expect(failure { try FrameSampling().validate() } == nil)
  }

  @Test func timesPickTheNearestFrame() {
    let times = [0, 0.1, 0.2, 1.0, 2.0]
    #expect(FrameSampling.exactly(5).indices(times: times, frameRate: 2) == [0, 2, 3, 3, 4])
    #expect(FrameSampling.exactly(3).indices(times: times, frameRate: 2) == [0, 3, 4])
    #expect(FrameSampling.exactly(2).indices(times: [7.0], frameRate: 2) == [0, 0])
  }

  @Test func millisecondClocksCountAsConstant() {
    let rounded = (0..<100).map { Int64((Double($0) * 1000 / 60).rounded()) }
    let line = Timeline(count: 100, timestamps: rounded, tick: 0.001, declaredRate: 60)
    #expect(!line.isVariable && line.frameRate == 60)
    let dropped = rounded.filter { $0 != rounded[40] }
    let gap = Timeline(count: 99, timestamps: dropped, tick: 0.001, declaredRate: 60)
    #expect(gap.isVariable)
    #expect(abs(gap.time(of: 98) - 1.65) < 1e-9)
  }

  @Test func aDeclaredRateThatIsPlainlyWrongIsNotTaken() {
    let stamps = (0..<100).map { Int64($0 * 40) }
    let wrong = Timeline(count: 100, timestamps: stamps, tick: 0.001, declaredRate: 50)
    #expect(abs(wrong.frameRate - 25) < 1e-9)
    let none = Timeline(count: 100, timestamps: nil, tick: 0.001, declaredRate: nil)
    #expect(none.frameRate == 24 && none.isRateAssumed)
  }
}
