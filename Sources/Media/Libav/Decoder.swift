import CFFmpeg
import Diagnostics

/// A video decoder: takes packets and returns frames in display order.
final class Decoder {
  /// The number of packets or frames that could not be decoded, or only in part.
  private(set) var damaged = 0
  let log = LibavLog()
  private let name: String
  private let maxPixels: Int
  private let context: UnsafeMutablePointer<AVCodecContext>
  private let frame: UnsafeMutablePointer<AVFrame>

  /// A decoder for a codec, the one with the preferred name if there is such a one; `parameters` come from
  /// a container, still images have none. With `startsGray`, what the decoder does not write of an image is
  /// gray.
  init(
    codec id: AVCodecID, preferred: String? = nil,
    parameters: UnsafeMutablePointer<AVCodecParameters>?,
    timeBase: AVRational, maxPixels: Int, threads: Int, startsGray: Bool = false, name: String
  ) throws(Failure) {
    self.name = name
    self.maxPixels = maxPixels
    let special = preferred.flatMap { avcodec_find_decoder_by_name($0) }
    guard let codec = special ?? avcodec_find_decoder(id) else {
      throw Failure(
        .badInput, code: .mediaUnsupportedCodec,
        "\(name) is coded as \(String(cString: avcodec_get_name(id))), "
          + "which the installed FFmpeg cannot decode",
        remedy: "Convert it to H.264 (videos) or PNG (pictures).")
    }
    var allocated = avcodec_alloc_context3(codec)
    var spare = av_frame_alloc()
    guard let fresh = allocated, let frame = spare else {
      av_frame_free(&spare)
      avcodec_free_context(&allocated)
      throw LibavError.outOfMemory("a decoder")
    }
    var code: Int32 = 0
    if let parameters { code = avcodec_parameters_to_context(fresh, parameters) }
    fresh.pointee.opaque = log.token
    fresh.pointee.pkt_timebase = timeBase
    fresh.pointee.max_pixels = Int64(maxPixels)
    fresh.pointee.thread_count = Int32(max(1, min(threads, 64)))
    if startsGray { fresh.pointee.get_buffer2 = { ill_gray_buffer($0, $1, $2) } }
    if code >= 0 { code = avcodec_open2(fresh, codec, nil) }
    guard code >= 0 else {
      av_frame_free(&spare)
      avcodec_free_context(&allocated)
      throw Self.failure(log, code, name: name, maxPixels: maxPixels)
    }
    self.context = fresh
    self.frame = frame
  }

  /// A decoder for the stream of a video.
  convenience init(_ demuxer: Demuxer, reading: MediaReading) throws(Failure) {
    try self.init(
      codec: demuxer.parameters.pointee.codec_id, preferred: demuxer.decoderWithAlpha,
      parameters: demuxer.parameters, timeBase: demuxer.timeBase,
      maxPixels: min(reading.limits.maxPixels, reading.limits.maxVideoPixels),
      threads: reading.threads, name: demuxer.name)
  }

  deinit {
    var frame: UnsafeMutablePointer<AVFrame>? = frame
    av_frame_free(&frame)
    var context: UnsafeMutablePointer<AVCodecContext>? = context
    avcodec_free_context(&context)
  }

  /// Decodes one packet, or the remaining frames for `nil`, and calls `each` with each frame, which is
  /// valid during that call only.
  ///
  /// A damaged packet is counted and skipped.
  func decode(
    _ packet: UnsafeMutablePointer<AVPacket>?,
    each: (UnsafeMutablePointer<AVFrame>) throws(Failure) -> Void
  ) throws(Failure) {
    var code = avcodec_send_packet(context, packet)
    if code == ill_error_again {
      try receive(each: each)
      code = avcodec_send_packet(context, packet)
    }
    if code < 0, code != ill_error_end { damaged += 1 }
    try receive(each: each)
  }

  private func receive(
    each: (UnsafeMutablePointer<AVFrame>) throws(Failure) -> Void
  ) throws(Failure) {
    // Each thread can report one failed packet late, so one failure is not the end; 100 in a row are.
    var failures = 0
    while failures < 100 {
      let code = avcodec_receive_frame(context, frame)
      if code == ill_error_again || code == ill_error_end { return }
      if code < 0 {
        damaged += 1
        failures += 1
        continue
      }
      failures = 0
      defer { av_frame_unref(frame) }
      if Self.isDamaged(frame) { damaged += 1 }
      guard frame.pointee.width > 0, frame.pointee.height > 0 else { continue }
      try MediaLimits.check(
        width: frame.pointee.width, height: frame.pointee.height, pixels: maxPixels, name: name)
      try each(frame)
    }
  }

  /// Whether a frame could be decoded only in part.
  static func isDamaged(_ frame: UnsafeMutablePointer<AVFrame>) -> Bool {
    frame.pointee.decode_error_flags != 0 || frame.pointee.flags & AV_FRAME_FLAG_CORRUPT != 0
  }

  /// Forgets all packets and frames, to continue elsewhere.
  func flush() { avcodec_flush_buffers(context) }

  /// The reason why nothing could be decoded.
  var failure: Failure {
    Self.failure(log, 0, name: name, maxPixels: maxPixels)
  }

  /// Some decoders learn the size only from the data; their message is then the only sign that the size
  /// was the reason: "Picture size 1x2 exceeds specified max pixel count 3", or, for a size that is too
  /// large for FFmpeg itself, "Picture size 1x2 is invalid".
  private static func failure(
    _ log: LibavLog, _ code: Int32, name: String, maxPixels: Int
  ) -> Failure {
    for line in log.lines where line.contains("Picture size ") {
      let words = line.split(separator: " ")
      let size = words.first { $0.contains("x") && $0.first?.isNumber == true }
      let sides = size?.split(separator: "x").compactMap { Int($0) } ?? []
      let area = sides.count == 2 ? sides[0].multipliedClamped(by: sides[1]) : 0
      guard area > maxPixels || line.contains("exceeds specified max pixel count") else { continue }
      let shown = size.map { $0.split(separator: "x").joined(separator: "×") } ?? "too many"
      return MediaLimits.tooLarge(name: name, size: shown, pixels: maxPixels)
    }
    let reason = log.lines.isEmpty && code >= 0 ? "" : log.reason(code)
    return LibavError.undecodable(name, reason)
  }
}
