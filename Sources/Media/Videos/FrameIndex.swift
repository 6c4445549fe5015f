import CFFmpeg
import Diagnostics

/// What the packets of a video reveal about its frames, without decoding them.
struct FrameIndex {
  /// The number of packets that should each give a frame.
  private(set) var count = 0
  /// Their presentation times, sorted, in ticks; `nil` where some have none.
  private(set) var timestamps: [Int64]?
  /// Whether the timestamps restart in the middle of the video.
  private(set) var jumpsBack = false

  /// Reads the whole video and keeps 8 bytes per frame. Throws where the video is encrypted.
  init(_ demuxer: Demuxer, reading: MediaReading) throws(Failure) {
    var times: [Int64] = []
    var isUsable = !demuxer.isElementary
    // Matroska's decoding times are derived and can be slightly out of order, by less than a second.
    let second = Int64(demuxer.timeBase.den) / Int64(max(1, demuxer.timeBase.num))
    var latest: Int64?
    while let packet = demuxer.next() {
      if ill_packet_encrypted(packet) != 0 {
        throw Failure(
          .badInput, code: .mediaEncrypted, "\(demuxer.name) is encrypted",
          remedy: "Hand in a video without copy protection.")
      }
      // Decoded because later frames need it, but before the part of the video that is shown.
      if packet.pointee.flags & AV_PKT_FLAG_DISCARD != 0 { continue }
      count += 1
      try reading.limits.check(frames: count, name: demuxer.name)
      guard isUsable else { continue }
      let decoding = packet.pointee.dts
      if decoding != ill_no_timestamp {
        if let latest, decoding < latest,
          latest.subtractingReportingOverflow(decoding).overflow
            || latest - decoding > second
        {
          jumpsBack = true
        }
        latest = max(latest ?? decoding, decoding)
      }
      if jumpsBack || packet.pointee.pts == ill_no_timestamp {
        isUsable = false
        times = []
      } else {
        times.append(packet.pointee.pts)
      }
    }
    timestamps = isUsable ? times.sorted() : nil
  }
}
