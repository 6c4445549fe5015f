import Diagnostics

/// The times of a video's frames as its clock states them, without the clock's errors.
///
/// Clocks of recorders are set while they record, and recordings are joined. A step forward of more than
/// 5 s that is also longer than 100 usual steps is one of two things. Below an hour it is a gap: the
/// camera waited for something to move. The gap is time, but no frame was shown in it, so frames are not
/// spread over it. From an hour on it is an error of the clock and no time at all, unless the container
/// states a duration apart from the frames' times that covers it. Where the clock is set back, the video
/// goes on with the usual step.
struct FrameClock: Equatable {
  /// The frames' times in ticks after the first, ascending.
  private(set) var times: [Int64] = []
  /// The same without the gaps; `nil` where there are none.
  private(set) var withoutGaps: [Int64]?
  /// The number of gaps, and their time in seconds.
  private(set) var gaps = (count: 0, seconds: 0.0)
  /// The frames before gaps that are short enough for a picture to have stood still: their numbers.
  private(set) var held: [Int] = []
  /// The number of jumps ahead that are errors of the clock, and their time in seconds.
  private(set) var jumps = (count: 0, seconds: 0.0)
  /// How often the clock was set back.
  private(set) var resets = 0

  /// The least length of a gap or a jump.
  private static let leastJump = 5.0
  /// The same in usual steps, so that a slide show or a time lapse is none.
  private static let leastSteps = 100.0
  /// Programs that record screens leave out frames that are like the one before, for a minute or so; a
  /// longer gap is more likely one in the recording.
  private static let longestHold = 90.0
  /// From here on, a jump is taken as an error of the clock.
  private static let longestGap = 3600.0

  static func == (one: FrameClock, other: FrameClock) -> Bool {
    one.times == other.times && one.withoutGaps == other.withoutGaps
      && one.held == other.held && one.resets == other.resets && one.gaps == other.gaps
      && one.jumps == other.jumps
  }

  /// The times of frames in the order in which they are shown; `nil` where they make no sense.
  ///
  /// - Parameters:
  ///   - stamps: ticks, ascending from each of `starts` to the next.
  ///   - starts: where the clock was set back: indices of `stamps`, the first of them 0.
  ///   - tick: the seconds of a tick.
  ///   - usual: the step in seconds of a video that has none of its own.
  ///   - isAnimation: whether a step may have any length, because it is what somebody wanted.
  ///   - duration: the seconds that the container states apart from the frames' times.
  init?(
    stamps: [Int64], starts: [Int], tick: Double, usual: Double, isAnimation: Bool = false,
    duration: Double? = nil
  ) {
    guard let first = stamps.first, tick > 0, tick.isFinite else { return nil }
    let isStart = Set(starts.dropFirst())
    let steps = zip(stamps, stamps.dropFirst()).enumerated().lazy.filter {
      !isStart.contains($0.offset + 1)
    }.map { $0.element.1.subtractingClamped($0.element.0) }.filter { $0 > 0 }.sorted()
    let step =
      steps.isEmpty ? Int64(clamping: (usual / tick).rounded()) : steps[steps.count / 2]
    guard step < .max else { return nil }
    let limit =
      isAnimation ? .infinity : max(Self.leastJump, Self.leastSteps * Double(step) * tick)
    let span = Double((stamps.last ?? first).subtractingClamped(first)) * tick
    // A second or a hundredth, because the last frame's length may not be counted.
    let isCovered = duration.map { abs($0 - span) <= max(1, 0.01 * span) } ?? false
    resets = 0
    times.reserveCapacity(stamps.count)
    times.append(0)
    var shortened: [Int64] = []
    for index in stamps.indices.dropFirst() {
      let passed = stamps[index].subtractingClamped(stamps[index - 1])
      let seconds = Double(passed) * tick
      let isBack = passed < 0 || (passed == 0 && isStart.contains(index))
      if isBack { resets += 1 }
      var (real, shown) = (passed, passed)
      if isBack {
        (real, shown) = (step, step)
      } else if seconds > limit, !(isCovered && seconds >= Self.longestGap) {
        let excess = seconds - Double(step) * tick
        shown = step
        if excess >= Self.longestGap || Self.isUndone(index, stamps, starts, limit / tick) {
          real = step
          jumps = (jumps.count + 1, jumps.seconds + excess)
        } else {
          gaps = (gaps.count + 1, gaps.seconds + excess)
          if excess < Self.longestHold { held.append(index - 1) }
          if shortened.isEmpty { shortened = times }
        }
      }
      if !shortened.isEmpty { shortened.append((shortened.last ?? 0).addingClamped(shown)) }
      times.append((times.last ?? 0).addingClamped(real))
    }
    guard (times.last ?? 0) < .max else { return nil }
    withoutGaps = shortened.isEmpty ? nil : shortened
  }

  /// Whether the clock that jumps ahead to the frame `index` is set back afterwards to about where it
  /// was: then it was wrong meanwhile, and nothing waited.
  private static func isUndone(
    _ index: Int, _ stamps: [Int64], _ starts: [Int], _ limit: Double
  ) -> Bool {
    var (low, high) = (0, starts.count)
    while low < high {
      let middle = (low + high) / 2
      if starts[middle] <= index { low = middle + 1 } else { high = middle }
    }
    guard low < starts.count else { return false }
    let next = stamps[starts[low]]
    return next < stamps[index]
      && Double(stamps[index - 1].subtractingClamped(next)) <= limit
  }
}
