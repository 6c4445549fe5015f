import CFFmpeg

/// Converts YUV frames to RGB at their own size; made anew when the frames change.
///
/// Chroma is brought to full size bilinearly, as libjpeg and libwebp do and as swscale does by
/// itself. The result is planar because swscale's ways to packed RGB approximate that.
final class ColorConverter {
  /// What a context is made for.
  struct Conversion: Equatable {
    var format: AVPixelFormat
    var height: Int32
    var width: Int32
    /// The color matrix, numbered as swscale does.
    var matrix: Int32
    /// Whether the input uses 0…255 and not 16…235.
    var isFullRange: Bool
  }

  private var current: Conversion?
  private var context: OpaquePointer?

  deinit { sws_freeContext(context) }

  /// The context for a conversion; `nil` where swscale cannot do it.
  func prepare(_ wanted: Conversion) -> OpaquePointer? {
    if let context, current == wanted { return context }
    sws_freeContext(context)
    context = nil
    current = nil
    guard sws_isSupportedInput(wanted.format) > 0, let fresh = sws_alloc_context() else {
      return nil
    }
    let object = UnsafeMutableRawPointer(fresh)
    let flags =
      SWS_BILINEAR | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_FULL_CHR_H_INP | SWS_BITEXACT
    av_opt_set_int(object, "srcw", Int64(wanted.width), 0)
    av_opt_set_int(object, "srch", Int64(wanted.height), 0)
    av_opt_set_int(object, "src_format", Int64(wanted.format.rawValue), 0)
    av_opt_set_int(object, "dstw", Int64(wanted.width), 0)
    av_opt_set_int(object, "dsth", Int64(wanted.height), 0)
    av_opt_set_int(object, "dst_format", Int64(AV_PIX_FMT_GBRP.rawValue), 0)
    av_opt_set_int(object, "sws_flags", Int64(flags), 0)
    guard sws_init_context(fresh, nil, nil) >= 0 else {
      sws_freeContext(fresh)
      return nil
    }
    // Answers -1 for inputs that have no matrix; harmless.
    _ = sws_setColorspaceDetails(
      fresh, sws_getCoefficients(wanted.matrix), wanted.isFullRange ? 1 : 0,
      sws_getCoefficients(SWS_CS_DEFAULT), 1, 0, 1 << 16, 1 << 16)
    context = fresh
    current = wanted
    return fresh
  }
}
