import CFFmpeg
import Diagnostics

/// An opened video and the one video stream that is read from it.
final class Demuxer {
  /// The container's short name, such as `mov,mp4,m4a,3gp,3g2,mj2`.
  let container: String
  let log = LibavLog()
  let name: String
  let context: UnsafeMutablePointer<AVFormatContext>
  let stream: UnsafeMutablePointer<AVStream>
  private let packet: UnsafeMutablePointer<AVPacket>
  private let bytes: ByteStream
  private let size: Int

  /// FFmpeg's names of the allowed demuxers; any other one is refused before it runs. None of them
  /// follows references to other files.
  static let videos: Set<String> = [
    "mov", "matroska", "avi", "mpegts", "mpeg", "mpegvideo", "flv", "ogg", "gif", "apng", "asf",
    "h264", "hevc", "m4v", "mjpeg", "ivf", "mxf", "av1", "obu", "nut",
  ]

  /// Demuxers for audio-only files; listed so that the message can name the problem.
  static let sounds: Set<String> = [
    "mp3", "wav", "flac", "aac", "ac3", "eac3", "aiff", "amr", "ape", "au", "caf", "dts", "tta",
    "w64", "wv", "loas", "amrnb", "amrwb", "mpc", "mpc8", "tak", "truehd", "voc", "xwma",
  ]

  /// Opens a file; `progress` hears of every read and can end them.
  init(_ file: SourceFile, progress: ReadingProgress? = nil) throws(Failure) {
    name = file.name
    // FFmpeg finds a JPEG image within a PDF and takes the PDF for a video of such images.
    guard !DocumentSignature.isPDF(file.head(1024)) else {
      throw LibavError.unsupported(file.name, " (it is a PDF document; hand it in as a picture)")
    }
    size = file.size
    bytes = try ByteStream(file, progress: progress)
    let format = try Self.probe(bytes, name: file.name)
    container = String(cString: format.pointee.name)
    var opened = avformat_alloc_context()
    guard let fresh = opened else { throw LibavError.outOfMemory("a demuxer") }
    fresh.pointee.pb = bytes.io
    fresh.pointee.flags |= AVFMT_FLAG_CUSTOM_IO
    fresh.pointee.opaque = log.token
    // Files that the file refers to are never opened: external tracks, playlists, key files.
    fresh.pointee.io_open = { _, _, _, _, _ in ill_error_denied }
    // No decoder may run while the streams are examined, because the size has to be checked first.
    av_opt_set(fresh, "codec_whitelist", "none", 0)
    av_opt_set(fresh, "protocol_whitelist", "none", 0)
    LibavMemory.limit(to: LibavMemory.opening)
    // Frees the context when it fails.
    let code = avformat_open_input(&opened, "", format, nil)
    LibavMemory.limit(to: LibavMemory.video)
    guard code >= 0, let context = opened else {
      throw LibavError.undecodable(file.name, log.reason(code))
    }
    let analyzed = avformat_find_stream_info(context, nil)
    guard analyzed >= 0, let stream = Self.videoStream(of: context) else {
      avformat_close_input(&opened)
      throw analyzed < 0
        ? LibavError.undecodable(file.name, log.reason(analyzed)) : LibavError.noVideo(file.name)
    }
    guard let packet = av_packet_alloc() else {
      avformat_close_input(&opened)
      throw LibavError.outOfMemory("a packet")
    }
    for index in 0..<Int(context.pointee.nb_streams) {
      guard let other = context.pointee.streams[index], other != stream else { continue }
      other.pointee.discard = AVDISCARD_ALL
    }
    self.context = context
    self.stream = stream
    self.packet = packet
  }

  deinit {
    var packet: UnsafeMutablePointer<AVPacket>? = packet
    av_packet_free(&packet)
    var context: UnsafeMutablePointer<AVFormatContext>? = context
    avformat_close_input(&context)
  }

  /// Finds the demuxer by content alone and checks it against the lists above.
  private static func probe(
    _ bytes: ByteStream, name: String
  ) throws(Failure) -> UnsafePointer<AVInputFormat> {
    var found: UnsafePointer<AVInputFormat>?
    let code = av_probe_input_buffer2(bytes.io, &found, "", nil, 0, 0)
    guard code >= 0, let format = found else { throw LibavError.unsupported(name, "") }
    let container = String(cString: format.pointee.name)
    // A video of JPEG images begins like a single JPEG image.
    if container == "jpeg_pipe", let video = av_find_input_format("mjpeg") { return video }
    let names = container.split(separator: ",").map(String.init)
    if names.contains(where: videos.contains) { return format }
    if names.contains(where: sounds.contains) { throw LibavError.noVideo(name) }
    throw LibavError.unsupported(name, " (it looks like \(container))")
  }

  /// The default video stream, otherwise the first; cover art and thumbnails do not count as videos.
  private static func videoStream(
    of context: UnsafeMutablePointer<AVFormatContext>
  ) -> UnsafeMutablePointer<AVStream>? {
    var first: UnsafeMutablePointer<AVStream>?
    for index in 0..<Int(context.pointee.nb_streams) {
      guard let stream = context.pointee.streams[index], let codec = stream.pointee.codecpar,
        codec.pointee.codec_type == AVMEDIA_TYPE_VIDEO, codec.pointee.codec_id != AV_CODEC_ID_NONE,
        stream.pointee.disposition
          & (AV_DISPOSITION_ATTACHED_PIC | AV_DISPOSITION_TIMED_THUMBNAILS) == 0
      else { continue }
      if stream.pointee.disposition & AV_DISPOSITION_DEFAULT != 0 { return stream }
      if first == nil { first = stream }
    }
    return first
  }

  /// The codec's parameters, as the container states them.
  var parameters: UnsafeMutablePointer<AVCodecParameters> { stream.pointee.codecpar }

  /// Seconds per tick of the stream's timestamps, as a fraction.
  var timeBase: AVRational { stream.pointee.time_base }

  /// Seconds per tick of the stream's timestamps.
  var tick: Double { Double(timeBase.num) / Double(max(1, timeBase.den)) }

  /// The codec's short name, such as `h264`.
  var codec: String { String(cString: avcodec_get_name(parameters.pointee.codec_id)) }

  /// Frames per second, as the container states them; `nil` where it does not.
  var declaredRate: Double? {
    for rate in [stream.pointee.avg_frame_rate, stream.pointee.r_frame_rate]
    where rate.num > 0 && rate.den > 0 {
      let value = Double(rate.num) / Double(rate.den)
      // A value above 1000 is the resolution of a clock rather than a frame rate.
      if value <= 1000 { return value }
    }
    return nil
  }

  /// Whether the container states the duration; a guess by FFmpeg does not count.
  var declaresDuration: Bool { ownDuration != nil || videoDuration != nil }

  /// The video's duration as the container states it, in seconds; `nil` where only the longest stream's
  /// duration is known, which may be that of the audio.
  var expectedDuration: Double? {
    // FFmpeg sets the video's duration for streams whose container states none per stream; MP4, MOV and
    // AVI state one.
    let isPerStream = container.hasPrefix("mov") || container == "avi"
    guard isPerStream || context.pointee.nb_streams == 1, let own = ownDuration ?? videoDuration
    else { return nil }
    // In MP4 the stream's own duration ignores its edit list; the video's does not.
    return min(own, videoDuration ?? own)
  }

  private var ownDuration: Double? {
    let ticks = stream.pointee.duration
    guard ticks != ill_no_timestamp, ticks > 0 else { return nil }
    return Double(ticks) * Double(timeBase.num) / Double(max(1, timeBase.den))
  }

  private var videoDuration: Double? {
    let ticks = context.pointee.duration
    guard ticks != ill_no_timestamp, ticks > 0,
      context.pointee.duration_estimation_method != AVFMT_DURATION_FROM_BITRATE
    else { return nil }
    return Double(ticks) / Double(AV_TIME_BASE)
  }

  /// Whether FFmpeg invents the timestamps, because an elementary stream has none.
  var isElementary: Bool {
    ["h264", "hevc", "m4v", "mpegvideo", "mjpeg", "av1", "obu"].contains { name in
      container.split(separator: ",").contains { $0 == name }
    }
  }

  /// Whether the container or the first packets say that frames have two fields.
  var isInterlaced: Bool {
    ![AV_FIELD_UNKNOWN, AV_FIELD_PROGRESSIVE].contains(parameters.pointee.field_order)
  }

  /// Whether each frame is stored as two fields, by the container, and for codecs that do not say it of
  /// each frame themselves: whether the upper one is first; `nil` for whole frames.
  var topFieldFirst: Bool? {
    let silent = [
      AV_CODEC_ID_FFV1, AV_CODEC_ID_HUFFYUV, AV_CODEC_ID_FFVHUFF, AV_CODEC_ID_UTVIDEO,
      AV_CODEC_ID_MAGICYUV, AV_CODEC_ID_RAWVIDEO, AV_CODEC_ID_V210, AV_CODEC_ID_V410,
      AV_CODEC_ID_YUV4, AV_CODEC_ID_R210, AV_CODEC_ID_CINEPAK, AV_CODEC_ID_JPEG2000,
    ]
    guard silent.contains(parameters.pointee.codec_id) else { return nil }
    return switch parameters.pointee.field_order {
    case AV_FIELD_TT, AV_FIELD_BT: true
    case AV_FIELD_BB, AV_FIELD_TB: false
    default: nil
    }
  }

  /// Whether the file is an animated image: each frame may have nearly no data and still has to be drawn
  /// whole.
  var isAnimation: Bool { container == "gif" || container == "apng" }

  /// Whether the container is one for still images (AVIF, HEIF).
  var holdsStill: Bool {
    guard let entry = av_dict_get(context.pointee.metadata, "major_brand", nil, 0),
      let value = entry.pointee.value
    else { return false }
    return ["avif", "mif1", "heic"].contains(String(cString: value).trimmed)
  }

  /// The share of the file's bytes that lie before the place that is read.
  var share: Double { Double(max(0, ill_tell(bytes.io))) / Double(max(1, size)) }

  /// Whether packets are found by their place in the file and not by their times, because the container
  /// has no index and its clock may be set back midway.
  var seeksBytes: Bool { ["mpegts", "mpeg"].contains(container) }

  /// Whether the times of the packets' decoding are in the file; Matroska has none, so FFmpeg derives
  /// them, and they can be slightly out of order.
  var statesDecodingTimes: Bool { !container.hasPrefix("matroska") }

  /// The duration that the container states apart from the times of its frames, in seconds: Matroska's
  /// `Duration`. In MP4 it is no more than their sum.
  var separateDuration: Double? { container.hasPrefix("matroska") ? videoDuration : nil }

  /// Continues at or before the packet with these times and this place; `false` where that fails.
  func seek(to entry: PacketEntry) -> Bool {
    av_packet_unref(packet)
    guard seeksBytes else {
      return av_seek_frame(
        context, stream.pointee.index, entry.presentation, AVSEEK_FLAG_BACKWARD) >= 0
    }
    guard entry.position >= 0 else { return false }
    return av_seek_frame(
      context, stream.pointee.index, entry.position, AVSEEK_FLAG_BYTE) >= 0
  }

  /// The orientation that the container sets for the stream.
  var orientation: Orientation {
    ill_stream_matrix(stream).map { Orientation(matrix: $0) } ?? .upright
  }

  /// The packet that was read last.
  var current: UnsafeMutablePointer<AVPacket> { packet }

  /// The stream's next packet, valid until the next call; `nil` at the end of the file or where reading
  /// fails.
  func next() -> UnsafeMutablePointer<AVPacket>? {
    var failures = 0
    while true {
      av_packet_unref(packet)
      let code = av_read_frame(context, packet)
      if code == ill_error_again, failures < 100 {
        failures += 1
        continue
      }
      if code < 0 { return nil }
      if packet.pointee.stream_index == stream.pointee.index, packet.pointee.size > 0 {
        return packet
      }
    }
  }
}
