import CFFmpeg
import Diagnostics

/// What the packets of a video reveal about its frames, without decoding them.
struct FrameIndex {
  /// The packets in the order in which they are decoded, from the first key frame on.
  private(set) var packets: [PacketEntry] = []
  /// The packets that should each give a frame, as indices of `packets`, in the order in which their
  /// frames are shown.
  private(set) var order: [Int32] = []
  /// Where the clock is set back: indices of `order`, the first of them 0.
  private(set) var starts: [Int] = [0]
  /// Their times; `nil` where some have none.
  private(set) var clock: FrameClock?
  /// The number of packets before the first key frame, which cannot be decoded.
  private(set) var early = 0
  /// Packets right after the first key frame whose frames are shown before it and need what is missing:
  /// indices of `packets`.
  private(set) var leading: Set<Int> = []
  /// Whether any packet is a key frame.
  private(set) var hasKeys = false
  /// Whether all packets have times, so that they can be put in order.
  private(set) var isTimed: Bool

  /// The number of packets that should each give a frame.
  var count: Int { order.count }

  /// Reads the whole video; 36 bytes per frame are kept. Throws where the video is encrypted.
  init(
    _ demuxer: Demuxer, reading: MediaReading, progress: ReadingProgress
  ) throws(Failure) {
    isTimed = !demuxer.isElementary
    try collect(demuxer, reading: reading, progress: progress)
    skipWhatNeedsMissingFrames(isH264: demuxer.parameters.pointee.codec_id == AV_CODEC_ID_H264)
    arrange(demuxer)
  }

  private mutating func collect(
    _ demuxer: Demuxer, reading: MediaReading, progress: ReadingProgress
  ) throws(Failure) {
    while let packet = demuxer.next() {
      if ill_packet_encrypted(packet) != 0 {
        throw Failure(
          .badInput, code: .mediaEncrypted, "\(demuxer.name) is encrypted",
          remedy: "Hand in a video without copy protection.")
      }
      let entry = PacketEntry(packet)
      try reading.limits.check(frames: packets.count + 1, name: demuxer.name)
      try progress.advance(demuxer.share)
      if entry.presentation == ill_no_timestamp, !entry.isHidden { isTimed = false }
      hasKeys = hasKeys || entry.isKey
      packets.append(entry)
    }
    try progress.check()
  }

  /// Removes the packets before the first key frame, and notes those after it that need them.
  private mutating func skipWhatNeedsMissingFrames(isH264: Bool) {
    guard hasKeys, let first = packets.firstIndex(where: \.isKey) else { return }
    early = first
    packets.removeFirst(first)
    // Other decoders leave such frames out by themselves; only they know whether a frame before the
    // key frame needs more than the key frame. In H.264, all of them do (7.4.1.2.4).
    if isH264, isTimed { leading = Set(shownBeforeTheKeyFrame) }
  }

  /// Puts the frames into the order in which they are shown, and sets `clock`.
  private mutating func arrange(_ demuxer: Demuxer) {
    let shown = packets.indices.filter { !packets[$0].isHidden && !leading.contains($0) }
    order = shown.map(Int32.init)
    guard isTimed else { return }
    let entries = packets
    starts = ClockResets.find(
      shown.lazy.map { entries[$0] }, statesDecodingTimes: demuxer.statesDecodingTimes)
    for (start, end) in zip(starts, starts.dropFirst() + [order.count]) {
      // Equal times keep the order of decoding, because `sort` is stable for them only by luck.
      order[start..<end].sort {
        let (one, other) = (entries[Int($0)].presentation, entries[Int($1)].presentation)
        return one == other ? $0 < $1 : one < other
      }
    }
    clock = FrameClock(
      stamps: order.map { entries[Int($0)].presentation }, starts: starts, tick: demuxer.tick,
      usual: 1 / (demuxer.declaredRate ?? Timeline.assumedRate),
      isAnimation: demuxer.isAnimation, duration: demuxer.separateDuration)
  }

  /// Leaves out the frames that are shown before the first key frame, because the decoder did not give
  /// them; `false` where there are none, or where another number of frames than `leaving` is left.
  mutating func leaveOutLeading(_ demuxer: Demuxer, leaving: Int? = nil) -> Bool {
    guard isTimed else { return false }
    let found = leading.union(shownBeforeTheKeyFrame)
    let rest = count + leading.count - found.count
    guard found.count > leading.count, rest == leaving ?? rest else { return false }
    leading = found
    arrange(demuxer)
    return true
  }

  /// The packets right after the first key frame that are shown before it.
  private var shownBeforeTheKeyFrame: [Int] {
    guard let key = packets.first else { return [] }
    let found = packets.indices.dropFirst().prefix(64).prefix { !packets[$0].isKey }.filter {
      packets[$0].presentation < key.presentation && !packets[$0].isHidden
    }
    // At most 16 frames of two fields are kept for later; more of them mean that the key frame's time is
    // wrong.
    return found.count <= 32 ? found : []
  }
}
