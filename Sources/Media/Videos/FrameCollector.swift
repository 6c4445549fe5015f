import CFFmpeg
import Diagnostics

/// The size of the frames that are kept, from their number and their upright height and width.
typealias SizeChoice = (_ frames: Int, _ height: Int, _ width: Int) throws(Failure) -> (
  height: Int, width: Int
)

/// Converts the requested ones of the frames that are offered to it in the order in which they are shown.
///
/// A frame of two fields is deinterlaced first. That takes the frames before and after it, so such a frame
/// is kept until the next one is offered.
final class FrameCollector {
  /// The requested frames so far, by position in the list of indices.
  private(set) var frames: [RGBImage] = []
  /// Size of the first converted frame, upright, before resizing.
  private(set) var source: (height: Int, width: Int)?
  /// Whether a later frame has other proportions than the first.
  private(set) var changesShape = false
  /// The number of requested frames that consist of two fields.
  private(set) var interlaced = 0
  /// The number of those that could not be deinterlaced.
  private(set) var combed = 0
  /// Whether a frame was deinterlaced without one beside it that exists.
  private(set) var lackedNeighbors = false

  private let indices: [Int]
  private let reading: MediaReading
  private let demuxer: Demuxer
  private let scaler: Scaler
  /// A video can change its size midway; all frames are resized to the size of the first.
  private var size = (height: 0, width: 0)
  private var previous: (frame: HeldFrame, index: Int)?
  private var pending: (frame: HeldFrame, index: Int, before: HeldFrame?)?

  /// Collects the frames with these indices, which are ascending and may repeat.
  init(_ indices: [Int], demuxer: Demuxer, reading: MediaReading) {
    self.indices = indices
    self.demuxer = demuxer
    self.reading = reading
    scaler = Scaler(name: demuxer.name, isVideo: true, background: reading.background)
  }

  /// Whether all requested frames are there.
  var isComplete: Bool { frames.count == indices.count }

  /// Takes a frame if it was requested; `index` is its number in the video.
  func offer(
    _ frame: UnsafeMutablePointer<AVFrame>, index: Int, target: SizeChoice
  ) throws(Failure) {
    if let pending {
      try finishPending(after: pending.index + 1 == index ? frame : nil, target: target)
    }
    if !isComplete, indices[frames.count] == index {
      if ill_frame_interlaced(frame) == 0, let topFirst = demuxer.topFieldFirst {
        ill_frame_set_interlaced(frame, topFirst ? 1 : 0)
      }
      // HEVC stores each field as a frame of its own, of half the height; there is nothing to separate.
      if ill_frame_interlaced(frame) != 0, demuxer.codec != "hevc" {
        let before = previous.flatMap { $0.index + 1 == index ? $0.frame : nil }
        lackedNeighbors = lackedNeighbors || (before == nil && index > 0)
        pending = (try HeldFrame(frame), index, before)
      } else {
        try take(frame, index: index, target: target)
      }
    }
    previous = (try HeldFrame(frame), index)
  }

  /// Completes the last frame and forgets its neighbors: the next one offered is from another place, or
  /// there is none. `isEnd` tells that the video has no frame after the last.
  func finish(isEnd: Bool, target: SizeChoice) throws(Failure) {
    if pending != nil {
      lackedNeighbors = lackedNeighbors || !isEnd
      try finishPending(after: nil, target: target)
    }
    previous = nil
  }

  private func finishPending(
    after: UnsafeMutablePointer<AVFrame>?, target: SizeChoice
  ) throws(Failure) {
    guard let (held, index, before) = pending else { return }
    pending = nil
    let copies = indices[frames.count...].prefix { $0 == index }.count
    interlaced += copies
    let result = try HeldFrame()
    let code = ill_deinterlace(
      sameShape(before?.frame, held.frame), held.frame, sameShape(after, held.frame),
      Int32(max(1, min(reading.threads, 16))), result.frame)
    if code < 0 { combed += copies }
    try take(code < 0 ? held.frame : result.frame, index: index, target: target)
  }

  /// A neighbor, unless the picture's size or format changes between it and the frame.
  private func sameShape(
    _ neighbor: UnsafeMutablePointer<AVFrame>?, _ frame: UnsafeMutablePointer<AVFrame>
  ) -> UnsafeMutablePointer<AVFrame>? {
    guard let neighbor, neighbor.pointee.width == frame.pointee.width,
      neighbor.pointee.height == frame.pointee.height,
      neighbor.pointee.format == frame.pointee.format
    else { return nil }
    return neighbor
  }

  private func take(
    _ frame: UnsafeMutablePointer<AVFrame>, index: Int, target: SizeChoice
  ) throws(Failure) {
    let turn = ill_frame_matrix(frame).map { Orientation(matrix: $0) } ?? demuxer.orientation
    let shown = demuxer.displaySize(of: frame)
    let upright = turn.turned(height: shown.height, width: shown.width)
    if let source {
      // A line more or less comes from rounding to what a codec can store.
      let (one, other) = (upright.width * source.height, upright.height * source.width)
      changesShape = changesShape || abs(one - other) * 50 > max(one, other)
    } else {
      source = upright
      size = try target(indices.count, upright.height, upright.width)
      try ImageFile.checkTarget(
        PixelSize(width: size.width, height: size.height), name: demuxer.name, reading: reading)
    }
    let image = try scaler.convert(
      frame, height: size.height, width: size.width, orientation: turn)
    while !isComplete, indices[frames.count] == index { frames.append(image) }
  }
}
