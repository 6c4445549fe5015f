import CFFmpeg
import Diagnostics

/// A pass over a video that decodes only from the key frames before the wanted frames.
///
/// Nothing is believed: after each seek the packets have to be those that the index lists, and the frames
/// that come out have to be shown at exactly the times that their packets state. Otherwise the pass is
/// given up, and every frame is decoded instead. So are videos with errors, because what a decoder makes of
/// them depends on what it decoded before.
struct SeekPass {
  /// How a pass ended.
  enum Outcome {
    /// All frames are there.
    case done
    /// The frames shown before the first key frame did not come out.
    case lacksLeading
    /// The frames have two fields, and the plan does not have their neighbors.
    case needsNeighbors
    /// The video cannot be sought; every frame has to be decoded.
    case notTrusted
  }

  let collector: FrameCollector
  private let index: FrameIndex
  private let demuxer: Demuxer
  private let decoder: Decoder
  private let progress: ReadingProgress
  /// The most frames that a decoder keeps to show them in order (16), and as many for its threads.
  static let delay = 32
  /// After a seek the zeros before a start code belong to the packet, otherwise to the one before.
  private static let slack: Int32 = 4
  /// The most packets that may come between the place of a seek and the key frame that was sought.
  private static let patience = 2000

  init(
    _ demuxer: Demuxer, index: FrameIndex, indices: [Int], reading: MediaReading,
    progress: ReadingProgress
  ) throws(Failure) {
    self.demuxer = demuxer
    self.index = index
    self.progress = progress
    decoder = try Decoder(demuxer, reading: reading)
    collector = FrameCollector(indices, demuxer: demuxer, reading: reading)
  }

  /// Decodes the runs of a plan.
  func decode(_ plan: SeekPlan, neighbors: Bool, target: SizeChoice) throws(Failure) -> Outcome {
    var done = 0
    for run in plan.runs {
      guard try find(run.start) else { return .notTrusted }
      let outcome = try decode(run, done: &done, of: plan.packets, target: target)
      guard outcome == .done else { return outcome }
      if !neighbors, collector.lackedNeighbors { return .needsNeighbors }
      decoder.flush()
    }
    return collector.isComplete ? .done : .notTrusted
  }

  /// Seeks until the packet of this number has been read.
  private func find(_ number: Int) throws(Failure) -> Bool {
    let wanted = index.packets[number]
    guard wanted.presentation != ill_no_timestamp, demuxer.seek(to: wanted) else { return false }
    for _ in 0..<Self.patience {
      try progress.check()
      guard let packet = demuxer.next() else { return false }
      if PacketEntry(packet).isSame(as: wanted, slack: Self.slack) { return true }
    }
    return false
  }

  /// Decodes one run, whose first packet has just been read.
  private func decode(
    _ run: SeekPlan.Run, done: inout Int, of all: Int, target: SizeChoice
  ) throws(Failure) -> Outcome {
    let start = run.start == 0 ? Int64.min : index.packets[run.start].presentation
    var number = run.firstFrame
    var isTrusted = true
    let damaged = decoder.damaged
    var tolerated = 0
    func take(_ frame: UnsafeMutablePointer<AVFrame>) throws(Failure) {
      let stated = frame.pointee.pts
      let time = stated != ill_no_timestamp ? stated : frame.pointee.best_effort_timestamp
      if time < start {
        if Decoder.isDamaged(frame) { tolerated += 1 }
        return
      }
      guard isTrusted, number <= run.lastFrame else { return }
      guard time == index.packets[Int(index.order[number])].presentation else {
        isTrusted = false
        return
      }
      try collector.offer(frame, index: number, target: target)
      number += 1
    }
    // The decoder gives frames late; what is left in it at the end can come out in another order.
    let last = min(run.end + Self.delay, index.packets.count - 1)
    for packet in run.start...last {
      if packet > run.start {
        guard let next = demuxer.next(),
          PacketEntry(next).isSame(as: index.packets[packet])
        else {
          try progress.check()
          return .notTrusted
        }
      }
      if !index.leading.contains(packet) {
        try decoder.decode(demuxer.current) { frame throws(Failure) in try take(frame) }
      }
      done += 1
      try progress.advance(Double(done) / Double(max(1, all)))
      if !isTrusted || number > run.lastFrame { break }
    }
    if isTrusted, number <= run.lastFrame {
      try decoder.decode(nil) { frame throws(Failure) in try take(frame) }
    }
    if !isTrusted, run.start == 0, number == 0 { return .lacksLeading }
    guard isTrusted, number > run.lastFrame, decoder.damaged - damaged <= tolerated else {
      return .notTrusted
    }
    try collector.finish(isEnd: run.lastFrame == index.count - 1, target: target)
    return .done
  }
}
