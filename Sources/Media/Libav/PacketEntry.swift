import CFFmpeg
import Diagnostics

/// What is remembered of one packet of a video: 32 bytes, 29 MB for ten hours at 25 frames a second.
struct PacketEntry: Equatable {
  /// When its frame is shown, in ticks of the stream.
  let presentation: Int64
  /// When it is decoded, in ticks of the stream.
  let decoding: Int64
  /// The place of its first byte in the file; -1 where that is not known.
  let position: Int64
  /// The number of its bytes.
  let size: Int32
  private let flags: Int32

  init(_ packet: UnsafeMutablePointer<AVPacket>) {
    presentation = packet.pointee.pts
    decoding = packet.pointee.dts
    position = packet.pointee.pos
    size = packet.pointee.size
    flags = packet.pointee.flags & (AV_PKT_FLAG_KEY | AV_PKT_FLAG_DISCARD)
  }

  /// Whether decoding can begin here.
  var isKey: Bool { flags & AV_PKT_FLAG_KEY != 0 }

  /// Whether it is decoded only because later frames need it, as before the start of an edit list.
  var isHidden: Bool { flags & AV_PKT_FLAG_DISCARD != 0 }

  /// Whether two readings of a file mean the same packet. The time of decoding does not count, because
  /// FFmpeg derives it from the packets before where the container states none.
  /// The sizes may differ by `slack` bytes.
  func isSame(as other: PacketEntry, slack: Int32 = 0) -> Bool {
    presentation == other.presentation && position == other.position && flags == other.flags
      && abs(size.subtractingClamped(other.size)) <= slack
  }
}
