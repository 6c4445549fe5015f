import CFFmpeg
import Diagnostics

/// A swscale context that is made anew when the conversion changes.
final class SwscaleContext {
  /// What a context is made for.
  struct Conversion: Equatable {
    var format: AVPixelFormat
    var height: Int
    var width: Int
    var outFormat: AVPixelFormat
    var outHeight: Int
    var outWidth: Int
    /// The filter: `SWS_BICUBIC`, `SWS_BILINEAR`.
    var filter: Int32
    /// The color matrix of the input, numbered as swscale does.
    var matrix: Int32 = SWS_CS_ITU601
    /// Whether the input uses 0…255 and not 16…235.
    var isFullRange = true
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
    guard sws_isSupportedInput(wanted.format) > 0,
      sws_isSupportedOutput(wanted.outFormat) > 0, let fresh = sws_alloc_context()
    else { return nil }
    let object = UnsafeMutableRawPointer(fresh)
    let flags =
      wanted.filter | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_FULL_CHR_H_INP | SWS_BITEXACT
    av_opt_set_int(object, "srcw", Int64(wanted.width), 0)
    av_opt_set_int(object, "srch", Int64(wanted.height), 0)
    av_opt_set_int(object, "src_format", Int64(wanted.format.rawValue), 0)
    av_opt_set_int(object, "dstw", Int64(wanted.outWidth), 0)
    av_opt_set_int(object, "dsth", Int64(wanted.outHeight), 0)
    av_opt_set_int(object, "dst_format", Int64(wanted.outFormat.rawValue), 0)
    av_opt_set_int(object, "sws_flags", Int64(flags), 0)
    if wanted.filter == SWS_BICUBIC {
      // B = 0 and C = 0.5 in Mitchell's terms: a = -0.5. swscale's own default is C = 0.6.
      av_opt_set_double(object, "param0", 0, 0)
      av_opt_set_double(object, "param1", 0.5, 0)
    }
    guard sws_init_context(fresh, nil, nil) >= 0 else {
      sws_freeContext(fresh)
      return nil
    }
    // Answers -1 where neither side has a matrix, such as for gray.
    _ = sws_setColorspaceDetails(
      fresh, sws_getCoefficients(wanted.matrix), wanted.isFullRange ? 1 : 0,
      sws_getCoefficients(SWS_CS_DEFAULT), 1, 0, 1 << 16, 1 << 16)
    context = fresh
    current = wanted
    return fresh
  }
}
