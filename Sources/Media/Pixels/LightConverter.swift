import CFFmpeg
import CLight
import Diagnostics

/// Converts frames with colors that swscale cannot show to RGB at their own size: HDR (BT.2100, with
/// BT.2408's white), wide gamut, and matrices such as YCgCo.
struct LightConverter {
  /// The file's name, for messages.
  let name: String

  /// Converts a frame to three planes of `stride * height` bytes, red first.
  ///
  /// - Throws: `media.unsupported-pixels` where the standard's arithmetic is not known.
  func convert(
    _ frame: UnsafeMutablePointer<AVFrame>, _ colors: FrameColors,
    into planes: UnsafeMutablePointer<UInt8>, stride: Int
  ) throws(Failure) {
    var light = colors.light
    if ill_light_convert(frame, &light, planes, stride) == 0 { return }
    // zimg takes neither packed pixels nor sides that are no multiple of the chroma's.
    try planar(frame, colors) { copy throws(Failure) in
      guard ill_light_convert(copy, &light, planes, stride) == 0 else { throw unreadable(colors) }
    }
  }

  /// Makes the frame planar, with 16 bits and chroma of full size.
  private func planar(
    _ frame: UnsafeMutablePointer<AVFrame>, _ colors: FrameColors,
    _ body: (UnsafeMutablePointer<AVFrame>) throws(Failure) -> Void
  ) throws(Failure) {
    let format = colors.isRGB ? AV_PIX_FMT_GBRP16LE : AV_PIX_FMT_YUV444P16LE
    var copy = av_frame_alloc()
    defer { av_frame_free(&copy) }
    guard let copy else { throw noMemory }
    copy.pointee.format = format.rawValue
    copy.pointee.width = frame.pointee.width
    copy.pointee.height = frame.pointee.height
    guard av_frame_get_buffer(copy, 0) >= 0 else {
      throw noMemory
    }
    let context = ill_planar_make(
      FrameColors.withoutRange(AVPixelFormat(frame.pointee.format)), frame.pointee.width,
      frame.pointee.height, format,
      colors.isFullRange ? 1 : 0)
    defer { ill_converter_free(context) }
    guard let context, ill_planar_fill(context, frame, copy) == frame.pointee.height else {
      throw unreadable(colors)
    }
    try body(copy)
  }

  private var noMemory: Failure {
    Failure(.outOfMemory, code: .mediaOutOfMemory, "no memory for a frame of \(name)")
  }

  private func unreadable(_ colors: FrameColors) -> Failure {
    Failure(
      .badInput, code: .mediaUnsupportedPixels,
      "\(name) has colors that cannot be converted (matrix \(colors.matrixName))",
      remedy: "Convert it to yuv420p with BT.709 (videos) or PNG (pictures).")
  }
}
