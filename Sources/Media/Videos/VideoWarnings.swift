import Diagnostics

/// What is said about a video that could be read but is not as it should be.
enum VideoWarnings {
  /// One sentence for each problem or peculiarity.
  static func of(_ reader: VideoReader, _ collector: FrameCollector) -> [String] {
    damage(reader) + beginning(reader) + times(reader) + fields(collector) + seeking(reader)
      + colors(reader) + shape(collector)
  }

  private static func damage(_ reader: VideoReader) -> [String] {
    var found: [String] = []
    let timeline = reader.timeline
    let leftOut = Double(reader.index.early + reader.index.leading.count) / timeline.frameRate
    let known = timeline.duration + leftOut + (timeline.clock?.jumps.seconds ?? 0)
    // Compare the duration and not the container's number of frames, because an edit list, such as a
    // trim on a phone creates, hides frames but is no damage.
    if let seconds = reader.demuxer.expectedDuration, seconds - known > max(0.5, 0.05 * seconds) {
      found.append(
        "the video ends early: it should last \(tenths(seconds)) s, and its frames end after "
          + "\(tenths(timeline.duration)) s")
    } else if let decoded = reader.decoded, decoded < reader.index.count,
      !hidesFrames(reader, decoded: decoded)
    {
      found.append(
        "the video is damaged: of \(reader.index.count) frames only \(decoded) could be decoded")
    }
    if reader.damaged > 0 {
      found.append(
        "the video is damaged: the decoder reported errors \(reader.damaged) times, so frames may be "
          + "missing or look wrong")
    }
    return found
  }

  /// Whether fewer frames than packets are normal for this video: VP8 stores frames that are never
  /// shown, and interlaced videos can have one packet for each of a frame's two fields.
  private static func hidesFrames(_ reader: VideoReader, decoded: Int) -> Bool {
    reader.demuxer.codec == "vp8"
      || (reader.damaged == 0 && abs(decoded * 2 - reader.index.count) <= 2)
  }

  private static func beginning(_ reader: VideoReader) -> [String] {
    let missing = reader.index.early + reader.index.leading.count
    if missing > 0 {
      return [
        "the first \(frames(missing)) of the video cannot be decoded without what was before, and "
          + (missing == 1 ? "was left out" : "were left out")
      ]
    }
    guard !reader.index.hasKeys, !reader.demuxer.isElementary, !reader.demuxer.isAnimation else {
      return []
    }
    return ["the video has no key frames: its first frames may look wrong"]
  }

  private static func colors(_ reader: VideoReader) -> [String] {
    guard reader.demuxer.hasDolbyColors else { return [] }
    return [
      "the colors of the video are in Dolby Vision's own form (profile 5) and look wrong: export it "
        + "as HDR10, HLG or SDR"
    ]
  }

  private static func shape(_ collector: FrameCollector) -> [String] {
    guard collector.changesShape else { return [] }
    return [
      "the shape of the video's frames changes midway: those of another shape were stretched to that of "
        + "the first"
    ]
  }

  private static func times(_ reader: VideoReader) -> [String] {
    let timeline = reader.timeline
    var found: [String] = []
    if timeline.isVariable {
      found.append("the frame rate varies: frames were chosen by their times")
    } else if timeline.isRateAssumed {
      found.append(
        "the video has no timing: \(timeline.frameRate) frames per second were assumed")
    }
    if let clock = timeline.clock {
      if clock.resets > 0 {
        found.append(
          "the video's timestamps jump back \(times(clock.resets)): the parts were joined as if "
            + "without a break")
      }
      if clock.jumps.count > 0 {
        found.append(
          "the video's timestamps jump ahead \(times(clock.jumps.count)), by "
            + "\(tenths(clock.jumps.seconds)) s in all: this was not counted as time")
      }
      if clock.gaps.count > 0 {
        found.append(
          "the video has \(clock.gaps.count == 1 ? "a gap" : "\(clock.gaps.count) gaps") without frames, "
            + "\(tenths(clock.gaps.seconds)) s in all: the picture stood still or nothing was recorded, "
            + "so most frames were chosen from the rest")
      }
    }
    if !reader.demuxer.declaresDuration {
      found.append("the container does not say how long the video is: its frames were counted")
    }
    return found
  }

  private static func fields(_ collector: FrameCollector) -> [String] {
    guard collector.combed > 0 else { return [] }
    return [
      "the video is interlaced, and the installed FFmpeg cannot deinterlace it: moving edges of "
        + "\(frames(collector.combed)) look like combs"
    ]
  }

  private static func seeking(_ reader: VideoReader) -> [String] {
    guard reader.soughtInVain else { return [] }
    return ["the video cannot be sought: every frame was decoded, which takes longer"]
  }

  private static func frames(_ count: Int) -> String { count == 1 ? "1 frame" : "\(count) frames" }

  private static func times(_ count: Int) -> String { count == 1 ? "once" : "\(count) times" }

  private static func tenths(_ value: Double) -> Double { (value * 10).rounded() / 10 }
}
