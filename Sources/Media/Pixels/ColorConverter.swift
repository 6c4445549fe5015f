import CFFmpeg

/// Converts YUV frames to RGB at their own size; its context is replaced when the frame format changes.
///
/// Chroma is scaled to full size bilinearly, as in libjpeg, in libwebp and in swscale by default. The
/// result is planar because swscale's conversions to packed RGB are approximations.
final class ColorConverter {
  /// The parameters of a swscale context.
  struct Conversion: Equatable {
    var format: AVPixelFormat
    var height: Int32
    var width: Int32
    /// The color matrix, with swscale's number.
    var matrix: Int32
    /// Whether the input uses 0…255 instead of 16…235.
    var isFullRange: Bool
  }

  private var current: Conversion?
  private var context: UnsafeMutableRawPointer?

  deinit { ill_converter_free(context) }

  /// The context for a conversion; `nil` where swscale cannot do it.
  func prepare(_ wanted: Conversion) -> UnsafeMutableRawPointer? {
    if let context, current == wanted { return context }
    ill_converter_free(context)
    context = ill_converter_make(
      wanted.format, wanted.width, wanted.height, wanted.matrix, wanted.isFullRange ? 1 : 0)
    current = context == nil ? nil : wanted
    return context
  }
}
