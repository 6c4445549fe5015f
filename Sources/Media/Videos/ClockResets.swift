import CFFmpeg
import Diagnostics

/// Finds the places where a recorder's clock was set back, as where recordings were joined.
enum ClockResets {
  /// Each later frame in order of decoding is shown before no more than this many earlier ones
  /// (H.264 A.3.1 and H.265 A.4.2: at most 16 frames are kept to be shown later).
  private static let mostReordered = 16
  /// Times of decoding that FFmpeg has to guess can be wrong by a frame or two.
  private static let tolerance = 4.0

  /// The indices of the packets, in order of decoding, with which another clock begins; the first is 0.
  static func find(
    _ packets: some Sequence<PacketEntry>, statesDecodingTimes: Bool
  ) -> [Int] {
    let limit = statesDecodingTimes ? Self.tolerance * usualStep(packets) : .infinity
    var starts = [0]
    var latest: Int64?
    var previous = Int64.min
    var recent: [Int64] = []
    var oldest = 0
    for (index, packet) in packets.enumerated() {
      var isBack = false
      if packet.decoding != ill_no_timestamp, let latest {
        isBack = Double(latest.subtractingClamped(packet.decoding)) > limit
      }
      if packet.presentation < previous, recent.count > mostReordered,
        let last = recent.min(), packet.presentation < last
      {
        isBack = true
      }
      previous = packet.presentation
      if isBack {
        starts.append(index)
        (latest, recent, oldest) = (nil, [], 0)
      }
      if packet.decoding != ill_no_timestamp {
        latest = max(latest ?? packet.decoding, packet.decoding)
      }
      if recent.count <= mostReordered {
        recent.append(packet.presentation)
      } else {
        recent[oldest] = packet.presentation
        oldest = (oldest + 1) % recent.count
      }
    }
    return starts
  }

  /// The median of the first 10,000 steps from packet to packet, in ticks.
  private static func usualStep(_ packets: some Sequence<PacketEntry>) -> Double {
    var steps: [Int64] = []
    var last: Int64?
    for packet in packets.prefix(10_000) where packet.decoding != ill_no_timestamp {
      if let last, packet.decoding > last { steps.append(packet.decoding.subtractingClamped(last)) }
      last = packet.decoding
    }
    guard !steps.isEmpty else { return .infinity }
    return Double(steps.sorted()[steps.count / 2])
  }
}
