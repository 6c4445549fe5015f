import CFFmpeg
import Diagnostics

/// One reading of a video file: the index of its packets, and then one or more passes that decode.
struct VideoReader {
  let file: SourceFile
  let demuxer: Demuxer
  let sampling: FrameSampling
  let reading: MediaReading
  let progress: ReadingProgress
  /// What the packets reveal.
  private(set) var index: FrameIndex
  /// The times of the frames as far as they are known.
  private(set) var timeline: Timeline
  /// The numbers of the wanted frames.
  private(set) var indices: [Int]
  /// Whether only parts of the video were decoded.
  private(set) var hasSought = false
  /// Whether that was tried in vain.
  private(set) var soughtInVain = false
  /// Errors while decoding.
  private(set) var damaged = 0
  /// The number of frames that were decoded, where all were.
  private(set) var decoded: Int?

  /// Opens the video and reads its packets.
  init(
    _ file: SourceFile, sampling: FrameSampling, reading: MediaReading
  ) throws(Failure) {
    self.file = file
    self.sampling = sampling
    self.reading = reading
    progress = ReadingProgress(reading.progress)
    progress.begin(0, 0.3)
    demuxer = try Demuxer(file, progress: progress)
    try progress.check()
    let (width, height) = (
      demuxer.parameters.pointee.width, demuxer.parameters.pointee.height
    )
    try MediaLimits.check(
      width: width, height: height,
      pixels: min(reading.limits.maxPixels, reading.limits.maxVideoPixels), name: file.name)
    index = try FrameIndex(demuxer, reading: reading, progress: progress)
    guard index.count > 0 else {
      throw LibavError.undecodable(file.name, ": it has no frames\(demuxer.log.reason(0))")
    }
    try reading.limits.check(
      frames: index.count, width: Int(width), height: Int(height), isAnimation: demuxer.isAnimation,
      name: file.name)
    timeline = Self.timeline(index, demuxer)
    indices = timeline.indices(sampling)
  }

  private static func timeline(_ index: FrameIndex, _ demuxer: Demuxer) -> Timeline {
    Timeline(
      count: index.count, clock: index.clock, tick: demuxer.tick,
      declaredRate: demuxer.declaredRate)
  }

  /// Looks at candidates at a small size and takes the frames where much changes, as many as before.
  private mutating func followChange(_ seeking: Seeking) throws(Failure) {
    let wanted = indices.count
    guard let choice = ChangeSampling(frames: wanted, total: timeline.count) else { return }
    indices = choice.candidates
    progress.begin(0.3, 0.6)
    let collector = try found(seeking) { _, height, width in
      ChangeSampling.size(height: height, width: width)
    }
    // Frames may turn out to be missing only now.
    guard indices == choice.candidates else { return indices = timeline.indices(sampling) }
    let changes = ChangeSampling.changes(of: collector.frames)
    indices = choice.chosen(wanted, changes: changes)
  }

  /// Decodes the wanted frames.
  mutating func collect(seeking: Seeking, target: SizeChoice) throws(Failure) -> FrameCollector {
    guard sampling.followsChange else { return try found(seeking, target: target) }
    try followChange(seeking)
    return try found(seeking, target: target)
  }

  private mutating func found(
    _ seeking: Seeking, target: SizeChoice
  ) throws(Failure) -> FrameCollector {
    progress.begin(0.3, 0.9)
    if let collector = try seek(seeking, target: target) {
      hasSought = true
      return collector
    }
    return try decodeAll(target: target)
  }

  /// Decodes from the key frames before the wanted frames; `nil` where that is not worth it or fails.
  private mutating func seek(
    _ seeking: Seeking, target: SizeChoice
  ) throws(Failure) -> FrameCollector? {
    guard seeking.allows(index, demuxer) else { return nil }
    let (width, height) = try frameSize()
    var neighbors = demuxer.isInterlaced
    // Once more where the first frames are missing, and once more for two fields.
    for _ in 0..<3 {
      guard let plan = SeekPlan(index, frames: indices, neighbors: neighbors),
        seeking.isWorth(plan, index, width: width, height: height)
      else { return nil }
      let pass = try SeekPass(
        demuxer, index: index, indices: indices, reading: reading, progress: progress)
      switch try pass.decode(plan, neighbors: neighbors, target: target) {
      case .done: return pass.collector
      case .needsNeighbors: neighbors = true
      case .lacksLeading:
        guard index.leaveOutLeading(demuxer), index.count > 0 else {
          soughtInVain = true
          return nil
        }
        timeline = Self.timeline(index, demuxer)
        indices = timeline.indices(sampling)
      case .notTrusted:
        soughtInVain = true
        return nil
      }
    }
    return nil
  }

  /// The size of a frame; where the container does not state it, as in MPEG-TS, that of the first.
  private func frameSize() throws(Failure) -> (width: Int, height: Int) {
    let stated = demuxer.parameters.pointee
    guard stated.width <= 0 || stated.height <= 0, let first = index.packets.first else {
      return (Int(stated.width), Int(stated.height))
    }
    let decoder = try Decoder(demuxer, reading: reading)
    var size = (width: 0, height: 0)
    guard demuxer.seek(to: first) else { return size }
    for _ in 0..<SeekPass.delay {
      guard size.width == 0, let packet = demuxer.next() else { break }
      try decoder.decode(packet) { frame in
        size = (Int(frame.pointee.width), Int(frame.pointee.height))
      }
    }
    try progress.check()
    return size
  }

  private mutating func decodeAll(target: SizeChoice) throws(Failure) -> FrameCollector {
    var pass = try DecodePass(
      file, index: index, indices: indices, reading: reading, progress: progress, target: target)
    guard pass.count > 0 else { throw pass.failure }
    // The decoder gave other frames than the packets suggested: a damaged video, or a codec with hidden
    // frames. A second pass then uses the frames that really exist.
    if pass.count != index.count || !pass.collector.isComplete {
      if pass.damaged == 0, index.leaveOutLeading(demuxer, leaving: pass.count) {
        timeline = Self.timeline(index, demuxer)
      } else {
        timeline = Timeline(
          count: pass.count, timestamps: pass.timestamps, tick: demuxer.tick,
          declaredRate: demuxer.declaredRate)
      }
      let wanted = timeline.indices(sampling)
      if wanted != indices || !pass.collector.isComplete {
        indices = wanted
        progress.begin(0.9, 1)
        pass = try DecodePass(
          file, index: index, indices: indices, reading: reading, progress: progress,
          target: target)
      }
    }
    guard pass.collector.source != nil, pass.collector.isComplete else { throw pass.failure }
    damaged = pass.damaged
    decoded = pass.count
    return pass.collector
  }
}
