import CFFmpeg
import Diagnostics

/// Encodes one picture with one of FFmpeg's encoders.
struct StillEncoder {
  let codec: AVCodecID
  let format: AVPixelFormat
  /// Called with the context before it is opened.
  let configure: (UnsafeMutablePointer<AVCodecContext>) -> Void

  /// The file's bytes.
  ///
  /// - Throws: `media.encode`, `media.out-of-memory`, `media.no-encoder`.
  func encode(_ image: RGBImage) throws(Failure) -> [UInt8] {
    guard let encoder = avcodec_find_encoder(codec) else { throw Self.missing(codec) }
    var allocated = avcodec_alloc_context3(encoder)
    var packet = av_packet_alloc()
    defer {
      avcodec_free_context(&allocated)
      av_packet_free(&packet)
    }
    guard let context = allocated, let filled = packet else {
      throw LibavError.outOfMemory("an encoder")
    }
    let log = LibavLog()
    context.pointee.opaque = log.token
    context.pointee.width = Int32(image.width)
    context.pointee.height = Int32(image.height)
    context.pointee.pix_fmt = format
    context.pointee.color_range = AVCOL_RANGE_JPEG
    context.pointee.time_base = AVRational(num: 1, den: 1)
    context.pointee.thread_count = 1
    configure(context)
    let frame = try EncoderFrame(width: image.width, height: image.height, format: format)
    try frame.fill(image)
    frame.frame.pointee.quality = context.pointee.global_quality
    frame.frame.pointee.pts = 0
    var code = avcodec_open2(context, encoder, nil)
    if code >= 0 { code = avcodec_send_frame(context, frame.frame) }
    if code >= 0 { code = avcodec_send_frame(context, nil) }
    if code >= 0 { code = avcodec_receive_packet(context, filled) }
    guard code >= 0, let data = filled.pointee.data else {
      throw Failure(
        .fault, code: .mediaEncode, "a picture cannot be written\(log.reason(code))")
    }
    return Array(UnsafeBufferPointer(start: data, count: Int(filled.pointee.size)))
  }

  static func missing(_ codec: AVCodecID) -> Failure {
    let name = String(cString: avcodec_get_name(codec))
    return Failure(
      .fault, code: .mediaNoEncoder, "the installed FFmpeg cannot write \(name)",
      remedy: "Install a libavcodec with its \(name) encoder.")
  }
}
