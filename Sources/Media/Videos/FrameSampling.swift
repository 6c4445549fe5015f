import Diagnostics

/// Which frames of a video are looked at: a number per second, or an exact number.
///
/// The defaults and the arithmetic are those of Hugging Face's `Qwen3VLVideoProcessor.sample_frames`; a
/// model family may have others.
public struct FrameSampling: Sendable, Equatable {
  /// Frames per second of video; `nil` together with `frames == nil` means `usualFrames`, or 2 a second.
  public var fps: Double? = 2
  /// An exact number of frames, spread evenly; excludes `fps`.
  public var frames: Int?
  /// The least number of frames with `fps`.
  public var minFrames = 4
  /// The greatest number of frames with `fps`.
  public var maxFrames = 768
  /// How the frames are spread over the video.
  public var spacing: FrameSpacing
  /// What the number of frames is rounded down to a multiple of, with `fps`.
  public var multiple = 1
  /// The number of frames where neither a rate nor a number is given, never more than the video has;
  /// `nil` for 2 a second.
  public var usualFrames: Int?
  /// Whether frames are taken where much changes instead of being evenly spread; their number is the same.
  public var followsChange = false

  /// `fps` frames per second, within `minFrames` and `maxFrames` and never more than the video has.
  public init(
    fps: Double? = 2, frames: Int? = nil, minFrames: Int = 4, maxFrames: Int = 768,
    spacing: FrameSpacing = .ends, multiple: Int = 1, usualFrames: Int? = nil
  ) {
    self.fps = fps
    self.frames = frames
    self.minFrames = minFrames
    self.maxFrames = maxFrames
    self.spacing = spacing
    self.multiple = multiple
    self.usualFrames = usualFrames
  }

  /// Exactly `frames` frames; some repeat if the video has fewer.
  public static func exactly(_ frames: Int) -> FrameSampling { FrameSampling().taking(frames) }

  /// Exactly `frames` frames, with this sampling's spacing.
  public func taking(_ frames: Int) -> FrameSampling {
    var result = FrameSampling(
      fps: nil, frames: frames, minFrames: minFrames, maxFrames: maxFrames, spacing: spacing,
      multiple: multiple)
    result.followsChange = followsChange
    return result
  }

  /// The most frames that can be requested: more would not fit into any model or memory.
  static let frameLimit = 100_000

  /// Throws `usage` where the settings contradict each other or are out of range.
  public func validate() throws(Failure) {
    if fps != nil, frames != nil {
      throw Self.wrong("a frame rate and a number of frames exclude each other; give one of them")
    }
    if let fps, !(fps.isFinite && fps > 0) {
      throw Self.wrong("the frame rate to sample at must be a positive number, not \(fps)")
    }
    if let frames, !(1...Self.frameLimit ~= frames) {
      throw Self.wrong("the number of frames must be 1…\(Self.frameLimit), not \(frames)")
    }
    guard minFrames >= 1, minFrames <= maxFrames, maxFrames <= Self.frameLimit else {
      throw Self.wrong(
        "the frame limits must be 1 ≤ least ≤ most ≤ \(Self.frameLimit), not \(minFrames) and "
          + "\(maxFrames)")
    }
  }

  private static func wrong(_ message: String) -> Failure {
    Failure(.usage, code: .mediaBadSampling, message)
  }

  /// The number of frames to take of `total` frames at `frameRate` per second.
  public func count(total: Int, frameRate: Double) -> Int {
    if let frames { return frames }
    if fps == nil, let usualFrames { return min(usualFrames, total) }
    let rate = frameRate > 0 ? frameRate : 24
    let exact = Double(total) / rate * (fps ?? 2)
    // Truncated as Python's `int` does; clamped first because Swift traps on overflow.
    let number = exact.isFinite ? Int(min(exact, Double(Self.frameLimit))) : Self.frameLimit
    let clamped = min(max(number, minFrames), maxFrames, total)
    return max(clamped / max(1, multiple) * multiple, min(1, clamped))
  }

  /// The indices of the frames to take of `total` frames at `frameRate` per second, ascending.
  public func indices(total: Int, frameRate: Double) -> [Int] {
    guard total > 0 else { return [] }
    let places = spacing.places(
      count: count(total: total, frameRate: frameRate), last: Double(total - 1),
      length: Double(total))
    return places.map {
      min(total - 1, Int(spacing == .ends ? $0.rounded(.toNearestOrEven) : $0.rounded(.down)))
    }
  }

  /// The frames nearest to evenly spread times, for frames shown at `times` (seconds, ascending).
  ///
  /// A frame that is shown for a long time can be taken more than once.
  public func indices(times: [Double], frameRate: Double) -> [Int] {
    guard let first = times.first, let last = times.last else { return [] }
    let wanted = spacing.places(
      count: count(total: times.count, frameRate: frameRate), last: last - first,
      length: last - first)
    var at = 0
    return wanted.map { time in
      while at + 1 < times.count, times[at + 1] - first <= time { at += 1 }
      // Times are sums of durations, whose last bits may differ.
      if spacing == .endsCut {
        return at + 1 < times.count && times[at + 1] - first - time < 1e-6 ? at + 1 : at
      }
      guard at + 1 < times.count else { return at }
      return times[at + 1] - first - time < time - (times[at] - first) ? at + 1 : at
    }
  }
}
