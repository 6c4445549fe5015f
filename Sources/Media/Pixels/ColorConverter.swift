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
