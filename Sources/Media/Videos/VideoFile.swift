import CFFmpeg
import Diagnostics

/// Video files.
public struct VideoFile {
  /// Samples frames of a video, upright and resized to the size that `target` returns for their number
  /// and their upright height and width.
  ///
  /// Every frame is decoded, with as many threads as `reading` allows, but only the requested ones are converted
  /// and kept, so memory does not grow with the video's length. A still image counts as a video of one
  /// frame. Of a damaged video, the readable frames are returned with a warning. Throws `badInput` where
  /// there are none, and for encrypted videos, files without video and sizes over the limits;
  /// `missingInput` for a file that cannot be opened; `usage` for contradictory sampling.
  public static func sample(
    path: String, sampling: FrameSampling = FrameSampling(), reading: MediaReading = MediaReading(),
    target: (_ frames: Int, _ height: Int, _ width: Int) throws(Failure) -> (
      height: Int, width: Int
    )
  ) throws(Failure) -> SampledVideo {
    try sampling.validate()
    let file = try SourceFile(path: path)
    if isStill(file) {
      return try still(file, sampling: sampling, reading: reading, target: target)
    }

    let demuxer = try Demuxer(file)
    try MediaLimits.check(
      width: demuxer.parameters.pointee.width, height: demuxer.parameters.pointee.height,
      pixels: min(reading.limits.maxPixels, reading.limits.maxVideoPixels), name: file.name)
    let index = try FrameIndex(demuxer, reading: reading)
    guard index.count > 0 else {
      throw LibavError.undecodable(file.name, ": it has no frames\(demuxer.log.reason(0))")
    }
    try reading.limits.check(
      frames: index.count, width: Int(demuxer.parameters.pointee.width),
      height: Int(demuxer.parameters.pointee.height), isAnimation: demuxer.isAnimation,
      name: file.name)
    let tick = Double(demuxer.timeBase.num) / Double(max(1, demuxer.timeBase.den))
    func timeline(_ count: Int, _ timestamps: [Int64]?) -> Timeline {
      Timeline(
        count: count, timestamps: timestamps, tick: tick, declaredRate: demuxer.declaredRate)
    }
    var expected = timeline(index.count, index.timestamps)
    var indices = expected.indices(sampling)
    var pass = try DecodePass(
      file, indices: indices, reading: reading, target: target)
    guard pass.count > 0 else { throw pass.failure }
    // The decoder gave other frames than the packets suggested: a damaged video, or a codec with hidden
    // frames. A second pass then uses the frames that really exist.
    if pass.count != index.count || pass.frames.count != indices.count {
      expected = timeline(pass.count, pass.timestamps)
      let wanted = expected.indices(sampling)
      if wanted != indices || pass.frames.count != wanted.count {
        indices = wanted
        pass.dropFrames()
        pass = try DecodePass(
          file, indices: indices, reading: reading, target: target)
      }
    }
    guard let source = pass.source, pass.frames.count == indices.count else { throw pass.failure }
    return SampledVideo(
      frames: pass.frames, indices: indices, frameRate: expected.frameRate,
      totalFrames: expected.count, durationSeconds: expected.duration,
      timestamps: indices.map { expected.time(of: $0) },
      warnings: warnings(demuxer, index: index, pass: pass, timeline: expected),
      sourceWidth: source.width, sourceHeight: source.height, codec: demuxer.codec,
      container: demuxer.container)
  }

  private static func warnings(
    _ demuxer: Demuxer, index: FrameIndex, pass: DecodePass, timeline: Timeline
  ) -> [String] {
    var found: [String] = []
    // Compare the duration and not the container's number of frames, because an edit list, such as a
    // trim on a phone creates, hides frames but is no damage.
    if let seconds = demuxer.expectedDuration,
      seconds - timeline.duration > max(0.5, 0.05 * seconds)
    {
      found.append(
        "the video ends early: it should last \(tenths(seconds)) s, and its frames end after "
          + "\(tenths(timeline.duration)) s")
    } else if pass.count < index.count, !hidesFrames(demuxer, index: index, pass: pass) {
      found.append(
        "the video is damaged: of \(index.count) frames only \(pass.count) could be decoded")
    }
    if pass.damaged > 0 {
      found.append(
        "the video is damaged: the decoder reported errors \(pass.damaged) times, so frames may be "
          + "missing or look wrong")
    }
    if timeline.isVariable {
      found.append("the frame rate varies: frames were chosen by their times")
    } else if timeline.isRateAssumed {
      found.append(
        "the video has no timing: \(timeline.frameRate) frames per second were assumed")
    } else if index.jumpsBack {
      found.append("the video's timestamps jump back: frames were counted instead")
    }
    if !demuxer.declaresDuration {
      found.append("the container does not say how long the video is: its frames were counted")
    }
    return found
  }

  private static func tenths(_ value: Double) -> Double { (value * 10).rounded() / 10 }

  /// Whether fewer frames than packets are normal for this video: VP8 stores frames that are never
  /// shown, and interlaced videos can have one packet for each of a frame's two fields.
  private static func hidesFrames(_ demuxer: Demuxer, index: FrameIndex, pass: DecodePass) -> Bool {
    demuxer.codec == "vp8" || (pass.damaged == 0 && abs(pass.count * 2 - index.count) <= 2)
  }

  // MARK: Still pictures

  private static func isStill(_ file: SourceFile) -> Bool {
    let head = file.head(1 << 16)
    return switch ImageFormat(head) {
    case .jpeg: !ImageFormat.isMotionJPEG(name: file.name)
    case .png: ImageFormat.framesOfPNG(head) <= 1
    case .webp, .bmp, .tiff: true
    case nil: false
    }
  }

  private static func still(
    _ file: SourceFile, sampling: FrameSampling, reading: MediaReading,
    target: (_ frames: Int, _ height: Int, _ width: Int) throws(Failure) -> (
      height: Int, width: Int
    )
  ) throws(Failure) -> SampledVideo {
    let timeline = Timeline(count: 1, timestamps: nil, tick: 1, declaredRate: 1)
    let indices = timeline.indices(sampling)
    let picture = try ImageFile.decode(file, reading: reading) { height, width throws(Failure) in
      let size = try target(indices.count, height, width)
      return [PixelSize(width: size.width, height: size.height)]
    }
    return SampledVideo(
      frames: indices.map { _ in picture.image }, indices: indices, frameRate: timeline.frameRate,
      totalFrames: 1, durationSeconds: timeline.duration,
      timestamps: indices.map { timeline.time(of: $0) }, warnings: picture.warnings,
      sourceWidth: picture.sourceWidth, sourceHeight: picture.sourceHeight, codec: picture.format,
      container: picture.format)
  }
}
