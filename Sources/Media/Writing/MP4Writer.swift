import CFFmpeg
import Diagnostics

/// Writes a video of RGB pictures as MP4, picture by picture, in memory.
///
/// Uses H.264 where the installed FFmpeg has an encoder for it, otherwise MPEG-4 part 2, which more
/// programs can write but fewer browsers play.
public final class MP4Writer {
  /// The encoders that are tried, in order.
  static let encoders = ["libx264", "libopenh264", "mpeg4"]

  private let container: UnsafeMutablePointer<AVFormatContext>
  private let codec: UnsafeMutablePointer<AVCodecContext>
  private let stream: UnsafeMutablePointer<AVStream>
  private let packet: UnsafeMutablePointer<AVPacket>
  private let frame: EncoderFrame
  private let log: LibavLog
  private var lastTime: Int64 = -1
  /// The duration of each picture that is still in the encoder, by its time.
  private var durations: [Int64: Int64] = [:]

  /// The unit of times: milliseconds.
  private static let timeBase = AVRational(num: 1, den: 1000)

  /// Begins a video.
  ///
  /// - Parameters:
  ///   - width, height: the size of all pictures; odd sizes lose a pixel, because these codecs need even
  ///     ones.
  /// - Throws: `media.no-encoder`, `media.encode`, `media.out-of-memory`.
  public convenience init(width: Int, height: Int) throws(Failure) {
    try self.init(width: width, height: height, encoders: Self.encoders)
  }

  init(width: Int, height: Int, encoders: [String]) throws(Failure) {
    let (width, height) = (width / 2 * 2, height / 2 * 2)
    guard let encoder = encoders.lazy.compactMap({ avcodec_find_encoder_by_name($0) }).first else {
      throw Failure(
        .fault, code: .mediaNoEncoder,
        "the installed FFmpeg has none of the encoders \(encoders.joined(separator: ", "))",
        remedy: "Install a libavcodec with one of them to get videos.")
    }
    let log = LibavLog()
    let frame = try EncoderFrame(
      width: width, height: height, format: AV_PIX_FMT_YUV420P, isFullRange: false)
    var container: UnsafeMutablePointer<AVFormatContext>?
    avformat_alloc_output_context2(&container, nil, "mp4", nil)
    var codec = avcodec_alloc_context3(encoder)
    var packet = av_packet_alloc()
    var code = Int32.min
    if let container, let codec, let stream = avformat_new_stream(container, nil), let packet {
      codec.pointee.opaque = log.token
      codec.pointee.width = Int32(width)
      codec.pointee.height = Int32(height)
      codec.pointee.pix_fmt = AV_PIX_FMT_YUV420P
      codec.pointee.color_range = AVCOL_RANGE_MPEG
      codec.pointee.time_base = Self.timeBase
      codec.pointee.thread_count = 1
      codec.pointee.max_b_frames = 0
      codec.pointee.flags |= AV_CODEC_FLAG_GLOBAL_HEADER
      // Constant quality: on x264's own scale, or the quantizer of MPEG-4.
      av_opt_set(codec.pointee.priv_data, "crf", "23", 0)
      codec.pointee.flags |= AV_CODEC_FLAG_QSCALE
      codec.pointee.global_quality = FF_QP2LAMBDA * 4
      code = avcodec_open2(codec, encoder, nil)
      if code >= 0 {
        code = avcodec_parameters_from_context(stream.pointee.codecpar, codec)
      }
      stream.pointee.time_base = Self.timeBase
      if code >= 0 { code = avio_open_dyn_buf(&container.pointee.pb) }
      if code >= 0 { code = avformat_write_header(container, nil) }
      if code >= 0 {
        self.container = container
        self.codec = codec
        self.stream = stream
        self.packet = packet
        self.frame = frame
        self.log = log
        return
      }
    }
    Self.free(&container, &codec, &packet)
    throw code == Int32.min
      ? LibavError.outOfMemory("an encoder")
      : Failure(.fault, code: .mediaEncode, "a video cannot be written\(log.reason(code))")
  }

  deinit {
    var container: UnsafeMutablePointer<AVFormatContext>? = container
    var codec: UnsafeMutablePointer<AVCodecContext>? = codec
    var packet: UnsafeMutablePointer<AVPacket>? = packet
    Self.free(&container, &codec, &packet)
  }

  private static func free(
    _ container: inout UnsafeMutablePointer<AVFormatContext>?,
    _ codec: inout UnsafeMutablePointer<AVCodecContext>?,
    _ packet: inout UnsafeMutablePointer<AVPacket>?
  ) {
    avcodec_free_context(&codec)
    av_packet_free(&packet)
    guard let context = container else { return }
    if let io = context.pointee.pb {
      var bytes: UnsafeMutablePointer<UInt8>?
      avio_close_dyn_buf(io, &bytes)
      av_free(bytes)
    }
    avformat_free_context(context)
    container = nil
  }

  /// Adds a picture that is shown from `seconds` on, for `duration` seconds.
  ///
  /// - Throws: `media.encode`, `media.out-of-memory`.
  public func append(_ image: RGBImage, seconds: Double, duration: Double) throws(Failure) {
    func milliseconds(_ seconds: Double) -> Int64 {
      seconds.isFinite ? Int64((min(max(0, seconds), 1e9) * 1000).rounded()) : 0
    }
    try frame.fill(
      image.cropped(
        width: Int(frame.frame.pointee.width), height: Int(frame.frame.pointee.height)))
    lastTime = max(lastTime + 1, milliseconds(seconds))
    durations[lastTime] = max(1, milliseconds(duration))
    frame.frame.pointee.pts = lastTime
    frame.frame.pointee.quality = codec.pointee.global_quality
    try encode(frame.frame)
  }

  /// Ends the video.
  ///
  /// - Returns: the file's bytes.
  /// - Throws: `media.encode`.
  public func finish() throws(Failure) -> [UInt8] {
    try encode(nil)
    let code = av_write_trailer(container)
    guard code >= 0, let io = container.pointee.pb else { throw failure(code) }
    container.pointee.pb = nil
    var bytes: UnsafeMutablePointer<UInt8>?
    let count = avio_close_dyn_buf(io, &bytes)
    defer { av_free(bytes) }
    guard let bytes, count > 0 else { throw failure(count) }
    return Array(UnsafeBufferPointer(start: bytes, count: Int(count)))
  }

  private func encode(_ frame: UnsafeMutablePointer<AVFrame>?) throws(Failure) {
    var code = avcodec_send_frame(codec, frame)
    while code >= 0 {
      code = avcodec_receive_packet(codec, packet)
      if code == ill_error_again || code == ill_error_end { return }
      guard code >= 0 else { break }
      // Without its own duration, the last picture would be cut off by the container's.
      packet.pointee.duration = durations.removeValue(forKey: packet.pointee.pts) ?? 1
      av_packet_rescale_ts(packet, Self.timeBase, stream.pointee.time_base)
      packet.pointee.stream_index = stream.pointee.index
      code = av_interleaved_write_frame(container, packet)
    }
    throw failure(code)
  }

  private func failure(_ code: Int32) -> Failure {
    Failure(.fault, code: .mediaEncode, "a video cannot be written\(log.reason(code))")
  }
}

extension RGBImage {
  /// The picture's upper left part; the whole picture where it is not larger.
  func cropped(width: Int, height: Int) -> RGBImage {
    guard width <= self.width, height <= self.height, isWhole,
      (width, height) != (self.width, self.height)
    else { return self }
    var cut: [UInt8] = []
    cut.reserveCapacity(width * height * 3)
    for y in 0..<height { cut += pixels[y * self.width * 3..<(y * self.width + width) * 3] }
    return RGBImage(width: width, height: height, pixels: cut)
  }
}
