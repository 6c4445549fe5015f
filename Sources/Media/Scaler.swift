import CFFmpeg
import Diagnostics

/// Turns decoded frames into RGB pictures of a given size.
///
/// The filter is the bicubic one with a = -0.5 that PIL and torchvision use, widened when it
/// shrinks. YUV frames are scaled and converted in one pass. RGB, gray and palette frames are
/// scaled channel by channel instead, as if each were a luma plane: swscale would otherwise take
/// RGB through YUV and back, which is not exact even where nothing is scaled.
final class Scaler {
  /// What a swscale context was made for.
  private struct Key: Equatable {
    var format: AVPixelFormat
    var height: Int32
    var width: Int32
    var outHeight: Int
    var outWidth: Int
    var matrix: Int32
    var fullRange: Bool
  }

  private let name: String
  /// Whether unmarked colors of a large frame are BT.709; a still picture's are always BT.601.
  private let isFilm: Bool
  private var key: Key?
  private var context: OpaquePointer?

  init(name: String, isFilm: Bool) {
    self.name = name
    self.isFilm = isFilm
  }

  deinit { sws_freeContext(context) }

  /// Converts a frame, turned to `orientation`; `height` and `width` are those of the result.
  func convert(
    _ frame: UnsafeMutablePointer<AVFrame>, height: Int, width: Int, orientation: Orientation
  ) throws(Failure) -> RGBImage {
    let format = AVPixelFormat(frame.pointee.format)
    guard let descriptor = av_pix_fmt_desc_get(format) else { throw unreadable("unknown") }
    let stored = orientation.turned(height: height, width: width)
    let size = (height: stored.height, width: stored.width)
    if PlaneReader.reads(descriptor) {
      return try convertPlanes(
        PlaneReader(frame: frame, descriptor: descriptor), size: size, orientation: orientation)
    }
    return try convertYUV(frame, format: format, size: size, orientation: orientation)
  }

  private func unreadable(_ format: String) -> Failure {
    Failure(
      .badInput, code: "media.unsupported-pixels",
      "\(name) has pixels of a format that cannot be converted (\(format))",
      remedy: "Convert it to yuv420p (films) or PNG (pictures).")
  }

  // MARK: YUV

  private func convertYUV(
    _ frame: UnsafeMutablePointer<AVFrame>, format: AVPixelFormat, size: (height: Int, width: Int),
    orientation: Orientation
  ) throws(Failure) -> RGBImage {
    let plain = Self.withoutRange(format)
    let fullRange = plain != format || frame.pointee.color_range == AVCOL_RANGE_JPEG
    let wanted = Key(
      format: plain, height: frame.pointee.height, width: frame.pointee.width,
      outHeight: size.height, outWidth: size.width, matrix: matrix(of: frame),
      fullRange: fullRange)
    let context = try context(for: wanted, out: AV_PIX_FMT_RGB24)
    let rowBytes = size.width * 3
    // Some of swscale's loops write up to a vector past the end of a line.
    var packed = [UInt8](repeating: 0, count: rowBytes * size.height + 64)
    let lines = packed.withUnsafeMutableBufferPointer { buffer in
      ill_scale_frame(context, frame, buffer.baseAddress, Int32(rowBytes))
    }
    guard lines == size.height else { throw unreadable("swscale failed") }
    if orientation == .upright {
      packed.removeLast(64)
      return RGBImage(width: size.width, height: size.height, pixels: packed)
    }
    return pack(packed, channels: [0, 1, 2], step: 3, size: size, orientation: orientation)
  }

  /// The plain format and not its full-range twin, which swscale calls deprecated.
  private static func withoutRange(_ format: AVPixelFormat) -> AVPixelFormat {
    switch format {
    case AV_PIX_FMT_YUVJ420P: AV_PIX_FMT_YUV420P
    case AV_PIX_FMT_YUVJ422P: AV_PIX_FMT_YUV422P
    case AV_PIX_FMT_YUVJ444P: AV_PIX_FMT_YUV444P
    case AV_PIX_FMT_YUVJ440P: AV_PIX_FMT_YUV440P
    case AV_PIX_FMT_YUVJ411P: AV_PIX_FMT_YUV411P
    default: format
    }
  }

  /// The color matrix, numbered as swscale does. Unmarked films are BT.709 from 1280 wide or above
  /// 576 high, as players assume.
  private func matrix(of frame: UnsafeMutablePointer<AVFrame>) -> Int32 {
    switch frame.pointee.colorspace {
    case AVCOL_SPC_BT709: SWS_CS_ITU709
    case AVCOL_SPC_BT470BG, AVCOL_SPC_SMPTE170M: SWS_CS_ITU601
    case AVCOL_SPC_FCC: SWS_CS_FCC
    case AVCOL_SPC_SMPTE240M: SWS_CS_SMPTE240M
    case AVCOL_SPC_BT2020_NCL, AVCOL_SPC_BT2020_CL: SWS_CS_BT2020
    default:
      isFilm && (frame.pointee.width >= 1280 || frame.pointee.height > 576)
        ? SWS_CS_ITU709 : SWS_CS_ITU601
    }
  }

  // MARK: RGB, gray, palette

  private func convertPlanes(
    _ reader: PlaneReader, size: (height: Int, width: Int), orientation: Orientation
  ) throws(Failure) -> RGBImage {
    let area = size.height * size.width
    let channels = reader.isGray ? [0, 0, 0] : [0, area, 2 * area]
    let count = reader.isGray ? 1 : 3
    var planes = [UInt8](repeating: 0, count: count * area + 64)
    if size.height == reader.height, size.width == reader.width {
      planes.withUnsafeMutableBufferPointer { buffer in
        reader.readAll(into: buffer)
      }
    } else {
      let wanted = Key(
        format: reader.isGray ? AV_PIX_FMT_GRAY8 : AV_PIX_FMT_YUV444P,
        height: Int32(reader.height), width: Int32(reader.width),
        outHeight: size.height, outWidth: size.width, matrix: SWS_CS_ITU601, fullRange: true)
      let context = try context(for: wanted, out: wanted.format)
      planes.withUnsafeMutableBufferPointer { buffer in
        reader.forEachStripe { pointers, strides, y, rows in
          _ = ill_scale_planes(
            context, Int32(count), pointers, strides, Int32(y), Int32(rows), buffer.baseAddress,
            Int32(size.width), Int32(size.height))
        }
      }
    }
    return pack(planes, channels: channels, step: 1, size: size, orientation: orientation)
  }

  // MARK: Shared

  /// Interleaves channels that start at `channels` in `values`, and turns the picture.
  private func pack(
    _ values: [UInt8], channels: [Int], step: Int, size: (height: Int, width: Int),
    orientation: Orientation
  ) -> RGBImage {
    let turned = orientation.turned(height: size.height, width: size.width)
    let count = size.height * size.width * 3
    let pixels = [UInt8](unsafeUninitializedCapacity: count) { out, used in
      values.withUnsafeBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        ill_pack_rgb(
          base + channels[0], base + channels[1], base + channels[2], step, step * size.width,
          Int32(size.width), Int32(size.height), orientation.transposed ? 1 : 0,
          orientation.flipX ? 1 : 0, orientation.flipY ? 1 : 0, out.baseAddress)
        used = count
      }
    }
    return RGBImage(width: turned.width, height: turned.height, pixels: pixels)
  }

  /// The swscale context for a conversion; the last one again if nothing changed.
  private func context(
    for wanted: Key, out: AVPixelFormat
  ) throws(Failure) -> OpaquePointer {
    if let context, key == wanted { return context }
    sws_freeContext(context)
    context = nil
    key = nil
    guard sws_isSupportedInput(wanted.format) > 0 else {
      let name = av_get_pix_fmt_name(wanted.format).map { String(cString: $0) }
      throw unreadable(name ?? "unknown")
    }
    guard let fresh = sws_alloc_context() else { throw LibavError.outOfMemory("a scaler") }
    let object = UnsafeMutableRawPointer(fresh)
    let flags =
      SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_FULL_CHR_H_INP | SWS_BITEXACT
    av_opt_set_int(object, "srcw", Int64(wanted.width), 0)
    av_opt_set_int(object, "srch", Int64(wanted.height), 0)
    av_opt_set_int(object, "src_format", Int64(wanted.format.rawValue), 0)
    av_opt_set_int(object, "dstw", Int64(wanted.outWidth), 0)
    av_opt_set_int(object, "dsth", Int64(wanted.outHeight), 0)
    av_opt_set_int(object, "dst_format", Int64(out.rawValue), 0)
    av_opt_set_int(object, "sws_flags", Int64(flags), 0)
    // B = 0 and C = 0.5 in Mitchell's terms: a = -0.5. swscale's own default is C = 0.6.
    av_opt_set_double(object, "param0", 0, 0)
    av_opt_set_double(object, "param1", 0.5, 0)
    let range: Int32 = wanted.fullRange ? 1 : 0
    let outRange: Int32 = out == AV_PIX_FMT_RGB24 ? 1 : range
    let ready = sws_init_context(fresh, nil, nil)
    guard ready >= 0 else {
      sws_freeContext(fresh)
      throw unreadable(LibavError.text(ready))
    }
    // -1 for formats without a matrix, such as gray; harmless.
    _ = sws_setColorspaceDetails(
      fresh, sws_getCoefficients(wanted.matrix), range,
      sws_getCoefficients(SWS_CS_DEFAULT), outRange, 0, 1 << 16, 1 << 16)
    context = fresh
    key = wanted
    return fresh
  }
}
