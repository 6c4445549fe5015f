import CFFmpeg
import Diagnostics

/// One pass over a video that decodes every frame and converts the requested ones.
struct DecodePass {
  /// The requested frames that exist, by position in the list of indices.
  private(set) var frames: [RGBImage] = []
  /// The number of decoded frames.
  private(set) var count = 0
  /// Presentation times of all decoded frames in ticks; `nil` where some are missing or go backwards.
  private(set) var timestamps: [Int64]? = []
  /// Size of the first converted frame, upright, before resizing.
  private(set) var source: (height: Int, width: Int)?
  /// Packets and frames with errors.
  private(set) var damaged = 0
  /// The reason why nothing could be decoded; only meaningful if `count` is 0.
  private(set) var failure: Failure

  /// Decodes the video; `indices` are ascending and may repeat.
  init(
    _ file: SourceFile, indices: [Int], reading: MediaReading,
    target: (_ frames: Int, _ height: Int, _ width: Int) throws(Failure) -> (
      height: Int, width: Int
    )
  ) throws(Failure) {
    let demuxer = try Demuxer(file)
    let decoder = try Decoder(
      codec: demuxer.parameters.pointee.codec_id, parameters: demuxer.parameters,
      timeBase: demuxer.timeBase,
      maxPixels: min(reading.limits.maxPixels, reading.limits.maxVideoPixels),
      threads: reading.threads, name: file.name)
    failure = decoder.failure
    let scaler = Scaler(name: file.name, isVideo: true, background: reading.background)
    let most = demuxer.isAnimation ? reading.limits.maxAnimationTotal : reading.limits.maxVideoTotal
    let isTimed = !demuxer.isElementary
    if !isTimed { timestamps = nil }
    var size = (height: 0, width: 0)
    // A video can change its size midway; all frames are resized to the size of the first.
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
      if time == ill_no_timestamp || time < timestamps?.last ?? Int64.min {
        timestamps = nil
      } else {
        timestamps?.append(time)
      }
      guard frames.count < indices.count, indices[frames.count] == count else { return }
      let turn = ill_frame_matrix(frame).map { Orientation(matrix: $0) } ?? demuxer.orientation
      if source == nil {
        let upright = turn.turned(
          height: Int(frame.pointee.height), width: Int(frame.pointee.width))
        source = upright
        size = try target(indices.count, upright.height, upright.width)
        try ImageFile.checkTarget(
          PixelSize(width: size.width, height: size.height), name: file.name, reading: reading)
      }
      let image = try scaler.convert(
        frame, height: size.height, width: size.width, orientation: turn)
      while frames.count < indices.count, indices[frames.count] == count { frames.append(image) }
    }
    while let packet = demuxer.next() {
      try decoder.decode(packet) { frame throws(Failure) in try take(frame) }
    }
    try decoder.decode(nil) { frame throws(Failure) in try take(frame) }
    damaged = decoder.damaged
    failure = decoder.failure
  }

  /// Frees the frames before another pass replaces them.
  mutating func dropFrames() { frames = [] }
}
