import Diagnostics

/// The times of a video's frames, and whether their rate is constant.
struct Timeline: Equatable {
  /// The number of frames.
  let count: Int
  /// Seconds after the first frame, ascending; `nil` where the video has no usable timestamps.
  let times: [Double]?
  /// The same without the gaps in which no frame was recorded, over which frames are spread.
  private let spread: [Double]?
  /// Whether the distances between frames vary, gaps aside.
  let isVariable: Bool
  /// Frames per second, gaps aside; the mean where the distances vary.
  let frameRate: Double
  /// Whether the rate is assumed, because the file does not state it.
  let isRateAssumed: Bool
  /// What the clock's times needed; `nil` where there are none.
  let clock: FrameClock?

  /// The rate assumed for a file without any timing, as in Hugging Face's processor.
  static let assumedRate = 24.0

  /// A timeline from the frames' timestamps, in the order in which they are shown.
  ///
  /// `timestamps` is `nil` where frames lack them. `tick` is their unit in seconds.
  init(count: Int, timestamps: [Int64]?, tick: Double, declaredRate: Double?) {
    let clock = timestamps.flatMap { stamps in
      let back = zip(stamps, stamps.dropFirst()).enumerated().filter { $0.element.1 < $0.element.0 }
      return FrameClock(
        stamps: stamps, starts: [0] + back.map { $0.offset + 1 }, tick: tick,
        usual: 1 / (declaredRate ?? Self.assumedRate))
    }
    self.init(count: count, clock: clock, tick: tick, declaredRate: declaredRate)
  }

  /// A timeline from a clock, which is `nil` where frames have no times.
  init(count: Int, clock: FrameClock?, tick: Double, declaredRate: Double?) {
    self.count = count
    guard let clock, clock.times.count == count, count > 0, tick > 0, tick.isFinite else {
      (times, spread, self.clock) = (nil, nil, nil)
      isVariable = false
      isRateAssumed = declaredRate == nil
      frameRate = declaredRate ?? Self.assumedRate
      return
    }
    self.clock = clock
    let stamps = clock.withoutGaps ?? clock.times
    times = clock.times.map { Double($0) * tick }
    spread = clock.withoutGaps.map { $0.map { Double($0) * tick } }
    let span = Double(stamps.last ?? 0) * tick
    isVariable = Self.varies(stamps, tick: tick)
    guard count > 1, span > 0 else {
      isRateAssumed = declaredRate == nil
      frameRate = declaredRate ?? Self.assumedRate
      return
    }
    isRateAssumed = false
    let measured = Double(count - 1) / span
    // A container derives its rate from a duration in which the last frame may be counted as longer or
    // shorter than it is, so the rate may be off by one frame in `count`. It is used if that explains
    // the difference, as other programs do; a rate that is clearly wrong is not used.
    let tolerance = max(0.01, 1.5 / Double(count))
    if let declaredRate, abs(declaredRate / measured - 1) <= tolerance, !isVariable {
      frameRate = declaredRate
    } else {
      frameRate = measured
    }
  }

  /// Whether distances between frames differ from the median by more than rounding explains:
  /// two ticks (Matroska and FLV round to milliseconds), and 2 %.
  private static func varies(_ timestamps: [Int64], tick: Double) -> Bool {
    let steps = zip(timestamps, timestamps.dropFirst()).map { $1 - $0 }
    guard steps.count > 1 else { return false }
    let median = steps.sorted()[steps.count / 2]
    let tolerance = max(2.0, 0.02 * Double(median))
    return steps.contains { abs(Double($0 - median)) > tolerance }
  }

  /// Whether a frame's time does not follow from its number.
  private var needsTimes: Bool { isVariable || spread != nil }

  /// Seconds from the start of the first frame to the end of the last.
  var duration: Double {
    guard needsTimes, let last = times?.last else { return Double(count) / frameRate }
    return last + 1 / frameRate
  }

  /// The indices of the frames to take.
  func indices(_ sampling: FrameSampling) -> [Int] {
    if isVariable, let times = spread ?? times {
      return withHeld(sampling.indices(times: times, frameRate: frameRate))
    }
    return withHeld(sampling.indices(total: count, frameRate: frameRate))
  }

  /// The same with every frame that stood still for long, instead of the one next to it; the first and
  /// the last stay.
  private func withHeld(_ chosen: [Int]) -> [Int] {
    guard let held = clock?.held, !held.isEmpty, chosen.count > 2 else { return chosen }
    var result = chosen
    let all = Set(held)
    for frame in held where !result.contains(frame) {
      let free = result.indices.dropFirst().dropLast().filter { !all.contains(result[$0]) }
      guard let place = free.min(by: { abs(result[$0] - frame) < abs(result[$1] - frame) }) else {
        break
      }
      result[place] = frame
    }
    return result.sorted()
  }

  /// The time at which a frame is shown, in seconds after the first.
  func time(of index: Int) -> Double {
    if needsTimes, let times, times.indices.contains(index) { return times[index] }
    return Double(index) / frameRate
  }
}
