import CFFmpeg
import Diagnostics

/// One pass over a video that decodes every frame and converts the requested ones.
struct DecodePass {
  /// The requested frames that exist.
  let collector: FrameCollector
  /// The number of decoded frames.
  private(set) var count = 0
  /// Presentation times of all decoded frames in ticks; `nil` where some are missing.
  private(set) var timestamps: [Int64]? = []
  /// Packets and frames with errors.
  private(set) var damaged = 0
  /// The reason why nothing could be decoded; only meaningful if `count` is 0.
  private(set) var failure: Failure

  /// Decodes the video; `indices` are ascending and may repeat.
  init(
    _ file: SourceFile, index: FrameIndex, indices: [Int], reading: MediaReading,
    progress: ReadingProgress, target: SizeChoice
  ) throws(Failure) {
    let demuxer = try Demuxer(file, progress: progress)
    let decoder = try Decoder(demuxer, reading: reading)
    failure = decoder.failure
    collector = FrameCollector(indices, demuxer: demuxer, reading: reading)
    let most = demuxer.isAnimation ? reading.limits.maxAnimationTotal : reading.limits.maxVideoTotal
    if demuxer.isElementary { timestamps = nil }
    var total = 0
    func take(_ frame: UnsafeMutablePointer<AVFrame>) throws(Failure) {
      defer { count += 1 }
      let (width, height) = (Int(frame.pointee.width), Int(frame.pointee.height))
      total = total.addingClamped(width.multipliedClamped(by: height))
      if total > most {
        try reading.limits.check(
          frames: count + 1, width: width, height: height, isAnimation: demuxer.isAnimation,
          name: file.name)
      }
      let time = frame.pointee.best_effort_timestamp
      if time == ill_no_timestamp { timestamps = nil }
      timestamps?.append(time)
      try collector.offer(frame, index: count, target: target)
    }
    var number = -index.early
    while let packet = demuxer.next() {
      try progress.advance(demuxer.share)
      if number >= 0, !index.leading.contains(number) {
        try decoder.decode(packet) { frame throws(Failure) in try take(frame) }
      }
      number += 1
    }
    try progress.check()
    try decoder.decode(nil) { frame throws(Failure) in try take(frame) }
    try collector.finish(isEnd: true, target: target)
    damaged = decoder.damaged
    failure = decoder.failure
  }
}
