/// The times of a video's frames, and whether their rate is constant.
struct Timeline: Equatable {
  /// The number of frames.
  let count: Int
  /// Seconds after the first frame, ascending; `nil` where the video has no usable timestamps.
  let times: [Double]?
  /// Whether the distances between frames vary.
  let isVariable: Bool
  /// Frames per second; the mean where the distances vary.
  let frameRate: Double
  /// Whether the rate is assumed, because the file does not state it.
  let isRateAssumed: Bool

  /// The rate assumed for a file without any timing, as in Hugging Face's processor.
  static let assumedRate = 24.0

  /// A timeline from the frames' sorted timestamps.
  ///
  /// `timestamps` is `nil` where frames lack them or jump back. `tick` is their unit in seconds.
  init(count: Int, timestamps: [Int64]?, tick: Double, declaredRate: Double?) {
    self.count = count
    guard let timestamps, timestamps.count == count, count > 0, tick > 0, tick.isFinite,
      let first = timestamps.first, let last = timestamps.last,
      zip(timestamps, timestamps.dropFirst()).allSatisfy({ $0 <= $1 }),
      !last.subtractingReportingOverflow(first).overflow
    else {
      times = nil
      isVariable = false
      isRateAssumed = declaredRate == nil
      frameRate = declaredRate ?? Self.assumedRate
      return
    }
    times = timestamps.map { Double($0 - first) * tick }
    let span = Double(last - first) * tick
    isVariable = Self.varies(timestamps, tick: tick)
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

  /// Seconds from the start of the first frame to the end of the last.
  var duration: Double {
    guard isVariable, let last = times?.last else { return Double(count) / frameRate }
    return last + 1 / frameRate
  }

  /// The indices of the frames to take.
  func indices(_ sampling: FrameSampling) -> [Int] {
    if isVariable, let times { return sampling.indices(times: times, frameRate: frameRate) }
    return sampling.indices(total: count, frameRate: frameRate)
  }

  /// The time at which a frame is shown, in seconds after the first.
  func time(of index: Int) -> Double {
    if isVariable, let times, times.indices.contains(index) { return times[index] }
    return Double(index) / frameRate
  }
}
