import CFFmpeg
import Diagnostics

/// Converts decoded frames to RGB images of a given size.
///
/// The frame is converted to RGB at its own size first, then its channels are resized one by one.
/// swscale can do both at once, but then chroma is never scaled to full size, and 4:2:0 photos shrunk to
/// half their size differed by 0.018 (of a range of 2) from PIL and torchvision.
final class Scaler {
  private let name: String
  /// Whether a large frame without color information is BT.709; a still image is always BT.601.
  private let isVideo: Bool
  private let converter = ColorConverter()
  private var resampler = Resampler()
  /// The channels of a frame at its own size; the memory is reused for the next frame.
  private var scratch: [UInt8] = []

  init(name: String, isVideo: Bool) {
    self.name = name
    self.isVideo = isVideo
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
      return resize(
        channels: reader.channels, height: reader.height, width: reader.width, to: size,
        orientation: orientation, lines: reader.lines())
    }
    return try convertYUV(frame, format: format, size: size, orientation: orientation)
  }

  private func unreadable(_ format: AVPixelFormat) -> Failure {
    let label = av_get_pix_fmt_name(format).map { String(cString: $0) } ?? "unknown"
    return Failure(
      .badInput, code: .mediaUnsupportedPixels,
      "\(name) has pixels of a format that cannot be converted (\(label))",
      remedy: "Convert it to yuv420p (videos) or PNG (pictures).")
  }

  // MARK: YUV

  private func convertYUV(
    _ frame: UnsafeMutablePointer<AVFrame>, format: AVPixelFormat, size: (height: Int, width: Int),
    orientation: Orientation
  ) throws(Failure) -> RGBImage {
    let height = Int(frame.pointee.height)
    let plain = Self.withoutRange(format)
    let conversion = ColorConverter.Conversion(
      format: plain, height: frame.pointee.height, width: frame.pointee.width,
      matrix: matrix(of: frame),
      isFullRange: plain != format || frame.pointee.color_range == AVCOL_RANGE_JPEG)
    guard let context = converter.prepare(conversion) else { throw unreadable(format) }
    // Lines are a multiple of 64 bytes, with as much after the last, because swscale writes whole
    // vectors.
    let stride = (Int(frame.pointee.width) + 63) & ~63
    let count = 3 * stride * height + 64
    if scratch.count != count { scratch = [UInt8](repeating: 0, count: count) }
    return try scratch.withUnsafeMutableBufferPointer { buffer throws(Failure) in
      guard let base = buffer.baseAddress,
        ill_convert_frame(context, frame, base, Int32(stride)) == height
      else { throw unreadable(format) }
      return resize(
        channels: 3, height: height, width: Int(frame.pointee.width), to: size,
        orientation: orientation
      ) { channel, y in
        UnsafePointer(base + (channel * height + y) * stride)
      }
    }
  }

  /// The plain format instead of its full-range twin, which swscale calls deprecated.
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

  /// The color matrix, with swscale's number. Videos without color information are BT.709 from 1280 wide
  /// or above 576 high, as players assume.
  private func matrix(of frame: UnsafeMutablePointer<AVFrame>) -> Int32 {
    switch frame.pointee.colorspace {
    case AVCOL_SPC_BT709: SWS_CS_ITU709
    case AVCOL_SPC_BT470BG, AVCOL_SPC_SMPTE170M: SWS_CS_ITU601
    case AVCOL_SPC_FCC: SWS_CS_FCC
    case AVCOL_SPC_SMPTE240M: SWS_CS_SMPTE240M
    case AVCOL_SPC_BT2020_NCL, AVCOL_SPC_BT2020_CL: SWS_CS_BT2020
    default:
      isVideo && (frame.pointee.width >= 1280 || frame.pointee.height > 576)
        ? SWS_CS_ITU709 : SWS_CS_ITU601
    }
  }

  // MARK: Resizing

  /// Resizes one gray channel or three and packs them; `lines` returns the address of a channel's line.
  private func resize(
    channels: Int, height: Int, width: Int, to size: (height: Int, width: Int),
    orientation: Orientation, lines: (_ channel: Int, _ y: Int) -> UnsafePointer<UInt8>
  ) -> RGBImage {
    let area = size.height * size.width
    let planes = [UInt8](unsafeUninitializedCapacity: channels * area) { buffer, used in
      guard let base = buffer.baseAddress else { return }
      for channel in 0..<channels {
        resampler.resample(height: height, width: width, to: size, out: base + channel * area) {
          lines(channel, $0)
        }
      }
      used = channels * area
    }
    let turned = orientation.turned(height: size.height, width: size.width)
    let pixels = [UInt8](unsafeUninitializedCapacity: 3 * area) { out, used in
      planes.withUnsafeBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        let next = channels == 3 ? area : 0
        ill_pack_rgb(
          base, base + next, base + 2 * next, size.width, Int32(size.width), Int32(size.height),
          orientation.transposed ? 1 : 0, orientation.flipX ? 1 : 0, orientation.flipY ? 1 : 0,
          out.baseAddress)
        used = 3 * area
      }
    }
    return RGBImage(width: turned.width, height: turned.height, pixels: pixels)
  }
}
