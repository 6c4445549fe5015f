import CFFmpeg

/// How the container wants the stream to be shown.
extension Demuxer {
  /// The size of a frame as it is displayed, before it is turned: its pixels need not be square (ISO/IEC
  /// 14496-12 `pasp`, H.264 E.2.1). Only the width changes, as in players.
  func displaySize(of frame: UnsafeMutablePointer<AVFrame>) -> (height: Int, width: Int) {
    let stored = (height: Int(frame.pointee.height), width: Int(frame.pointee.width))
    let aspect = av_guess_sample_aspect_ratio(context, stream, frame)
    guard aspect.num > 0, aspect.den > 0 else { return stored }
    let ratio = Double(aspect.num) / Double(aspect.den)
    // Beyond what any camera or disk has, the number is damaged.
    guard 0.1...10 ~= ratio else { return stored }
    return (stored.height, max(1, Int((Double(stored.width) * ratio).rounded())))
  }

  /// The decoder that keeps the stream's transparency, where another one than the usual does: FFmpeg's
  /// own decoders of VP8 and VP9 leave it out.
  var decoderWithAlpha: String? {
    guard let entry = av_dict_get(stream.pointee.metadata, "alpha_mode", nil, 0),
      let value = entry.pointee.value, String(cString: value) == "1"
    else { return nil }
    return switch parameters.pointee.codec_id {
    case AV_CODEC_ID_VP8: "libvpx"
    case AV_CODEC_ID_VP9: "libvpx-vp9"
    default: nil
    }
  }

  /// Whether the colors are Dolby Vision's own (profile 5), which no other program can show rightly. The
  /// other profiles have a base layer in HDR10, HLG or SDR.
  var hasDolbyColors: Bool { ill_dolby_profile(stream) == 5 }
}
