import CFFmpeg
import Diagnostics

/// Turns decoded frames into RGB pictures of a given size.
///
/// First the frame becomes RGB at its own size, then its three channels are scaled, each as if it
/// were a luma plane. swscale could do both at once, but then chroma is never brought to full size,
/// and 4:2:0 photos shrunk to half their size came out 0.018 (of a range of 2) away from PIL and
/// torchvision instead of 0.001. Scaling packed RGB would go through YUV and back, which is not
/// exact. The filter is the bicubic one with a = -0.5 that both use, widened when it shrinks.
final class Scaler {
  private let name: String
  /// Whether unmarked colors of a large frame are BT.709; a still picture's are always BT.601.
  private let isFilm: Bool
  private let toRGB = SwscaleContext()
  private let toSize = SwscaleContext()
  /// The channels of a frame at its own size, kept for the next frame.
  private var scratch: [UInt8] = []

  init(name: String, isFilm: Bool) {
    self.name = name
    self.isFilm = isFilm
  }

  /// Converts a frame, turned to `orientation`; `height` and `width` are those of the result.
  func convert(
    _ frame: UnsafeMutablePointer<AVFrame>, height: Int, width: Int, orientation: Orientation
  ) throws(Failure) -> RGBImage {
    let format = AVPixelFormat(frame.pointee.format)
    guard let descriptor = av_pix_fmt_desc_get(format) else { throw unreadable(format) }
    let stored = orientation.turned(height: height, width: width)
    let size = (height: stored.height, width: stored.width)
    if PlaneReader.reads(descriptor) {
      let reader = PlaneReader(frame: frame, descriptor: descriptor)
      return try convert(reader, format: format, size: size, orientation: orientation)
    }
    return try convertYUV(frame, format: format, size: size, orientation: orientation)
  }

  private func unreadable(_ format: AVPixelFormat) -> Failure {
    let label = av_get_pix_fmt_name(format).map { String(cString: $0) } ?? "unknown"
    return Failure(
      .badInput, code: "media.unsupported-pixels",
      "\(name) has pixels of a format that cannot be converted (\(label))",
      remedy: "Convert it to yuv420p (films) or PNG (pictures).")
  }

  // MARK: YUV

  private func convertYUV(
    _ frame: UnsafeMutablePointer<AVFrame>, format: AVPixelFormat, size: (height: Int, width: Int),
    orientation: Orientation
  ) throws(Failure) -> RGBImage {
    let height = Int(frame.pointee.height)
    let width = Int(frame.pointee.width)
    let plain = Self.withoutRange(format)
    // Bilinear is for chroma only, here; libjpeg and libwebp bring it to full size in the same way.
    let conversion = SwscaleContext.Conversion(
      format: plain, height: height, width: width, outFormat: AV_PIX_FMT_GBRP, outHeight: height,
      outWidth: width, filter: SWS_BILINEAR, matrix: matrix(of: frame),
      isFullRange: plain != format || frame.pointee.color_range == AVCOL_RANGE_JPEG)
    guard let context = toRGB.prepare(conversion) else { throw unreadable(format) }
    // Lines are a multiple of 64 bytes, with as much behind the last: swscale writes whole vectors.
    let stride = (width + 63) & ~63
    let plane = stride * height
    if scratch.count != 3 * plane + 64 { scratch = [UInt8](repeating: 0, count: 3 * plane + 64) }
    let lines = scratch.withUnsafeMutableBufferPointer { buffer in
      ill_convert_frame(context, frame, buffer.baseAddress, Int32(stride))
    }
    guard lines == height else { throw unreadable(format) }
    if size.height == height, size.width == width {
      return pack(
        scratch, channels: [0, plane, 2 * plane], stride: stride, size: size,
        orientation: orientation)
    }
    guard let context = scaling(height: height, width: width, size: size, isGray: false) else {
      throw unreadable(format)
    }
    let strides = [Int32](repeating: Int32(stride), count: 3)
    return scaled(count: 3, size: size, orientation: orientation) { out in
      scratch.withUnsafeBufferPointer { buffer in
        let planes = (0..<3).map { index in buffer.baseAddress.map { $0 + index * plane } }
        _ = ill_scale_planes(
          context, 3, planes, strides, 0, Int32(height), out, Int32(size.width),
          Int32(size.height))
      }
    }
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

  private func convert(
    _ reader: PlaneReader, format: AVPixelFormat, size: (height: Int, width: Int),
    orientation: Orientation
  ) throws(Failure) -> RGBImage {
    let count = reader.isGray ? 1 : 3
    if size.height == reader.height, size.width == reader.width {
      return scaled(count: count, size: size, orientation: orientation) { out in
        if let out { reader.readAll(into: out) }
      }
    }
    let context = scaling(
      height: reader.height, width: reader.width, size: size, isGray: reader.isGray)
    guard let context else { throw unreadable(format) }
    return scaled(count: count, size: size, orientation: orientation) { out in
      reader.forEachStripe { planes, strides, y, rows in
        _ = ill_scale_planes(
          context, Int32(count), planes, strides, Int32(y), Int32(rows), out, Int32(size.width),
          Int32(size.height))
      }
    }
  }

  // MARK: Shared

  /// The context that scales one gray plane, or three planes passed off as 4:4:4 YUV.
  private func scaling(
    height: Int, width: Int, size: (height: Int, width: Int), isGray: Bool
  ) -> OpaquePointer? {
    let format = isGray ? AV_PIX_FMT_GRAY8 : AV_PIX_FMT_YUV444P
    return toSize.prepare(
      SwscaleContext.Conversion(
        format: format, height: height, width: width, outFormat: format, outHeight: size.height,
        outWidth: size.width, filter: SWS_BICUBIC))
  }

  /// Packs what `fill` writes: `count` planes of exactly `size`, one after the other.
  private func scaled(
    count: Int, size: (height: Int, width: Int), orientation: Orientation,
    fill: (UnsafeMutablePointer<UInt8>?) -> Void
  ) -> RGBImage {
    let area = size.height * size.width
    var planes = [UInt8](repeating: 0, count: count * area + 64)
    planes.withUnsafeMutableBufferPointer { fill($0.baseAddress) }
    return pack(
      planes, channels: count == 1 ? [0, 0, 0] : [0, area, 2 * area], stride: size.width,
      size: size, orientation: orientation)
  }

  /// Interleaves the channels that start at `channels` in `values`, and turns the picture.
  private func pack(
    _ values: [UInt8], channels: [Int], stride: Int, size: (height: Int, width: Int),
    orientation: Orientation
  ) -> RGBImage {
    let turned = orientation.turned(height: size.height, width: size.width)
    let count = size.height * size.width * 3
    let pixels = [UInt8](unsafeUninitializedCapacity: count) { out, used in
      values.withUnsafeBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        ill_pack_rgb(
          base + channels[0], base + channels[1], base + channels[2], stride, Int32(size.width),
          Int32(size.height), orientation.transposed ? 1 : 0, orientation.flipX ? 1 : 0,
          orientation.flipY ? 1 : 0, out.baseAddress)
        used = count
      }
    }
    return RGBImage(width: turned.width, height: turned.height, pixels: pixels)
  }
}
