import CFFmpeg
import Diagnostics
import Options

/// Converts decoded frames to RGB images of a given size.
///
/// The frame is converted to RGB at its own size first, then its channels are resized one by one.
/// swscale can do both at once, but then chroma is never scaled to full size, and 4:2:0 photos shrunk to
/// half their size differed by 0.018 (of a range of 2) from PIL and torchvision.
final class Scaler {
  private let name: String
  /// Whether a large frame without color information is BT.709, and HDR is brought to SDR; a still image
  /// is always BT.601.
  private let isVideo: Bool
  /// The color behind transparent parts.
  private let background: BackgroundColor
  /// The color, `[3]`, of margins that make a frame square before it is resized; `nil` for none.
  var margins: [UInt8]?
  private let converter = ColorConverter()
  private var resampler = Resampler()
  /// The channels of a frame at its own size; the memory is reused for the next frame.
  private var scratch: [UInt8] = []

  init(name: String, isVideo: Bool, background: BackgroundColor) {
    self.name = name
    self.isVideo = isVideo
    self.background = background
  }

  /// Converts a frame, turned to `orientation`; `height` and `width` are those of the result.
  func convert(
    _ frame: UnsafeMutablePointer<AVFrame>, height: Int, width: Int, orientation: Orientation
  ) throws(Failure) -> RGBImage {
    let format = AVPixelFormat(frame.pointee.format)
    guard let descriptor = av_pix_fmt_desc_get(format) else { throw unreadable(format) }
    let stored = orientation.turned(height: height, width: width)
    let size = (height: stored.height, width: stored.width)
    let colors = FrameColors(frame, descriptor, isVideo: isVideo)
    let alpha = AlphaPlane(frame: frame, descriptor: descriptor, background: background)
    if PlaneReader.reads(descriptor), !colors.isBeyondSDR {
      let reader = PlaneReader(frame: frame, descriptor: descriptor, alpha: alpha)
      return resize(
        channels: reader.channels, height: reader.height, width: reader.width, to: size,
        orientation: orientation, lines: reader.lines())
    }
    // Lines are a multiple of 64 bytes, with as much after the last, because swscale writes whole
    // vectors.
    let stride = (Int(frame.pointee.width) + 63) & ~63
    let rows = Int(frame.pointee.height)
    let count = 3 * stride * rows + 64
    if scratch.count != count { scratch = [UInt8](repeating: 0, count: count) }
    return try scratch.withUnsafeMutableBufferPointer { buffer throws(Failure) in
      guard let base = buffer.baseAddress else { throw unreadable(format) }
      if let matrix = colors.swscaleMatrix, !colors.isBeyondSDR {
        try convertYUV(frame, format, matrix, into: base, stride: stride)
      } else {
        try LightConverter(name: name).convert(frame, colors, into: base, stride: stride)
      }
      alpha?.blend(planes: base, stride: stride)
      return resize(
        channels: 3, height: rows, width: Int(frame.pointee.width), to: size,
        orientation: orientation
      ) { channel, y in
        UnsafePointer(base + (channel * rows + y) * stride)
      }
    }
  }

  private func unreadable(_ format: AVPixelFormat) -> Failure {
    let label = av_get_pix_fmt_name(format).map { String(cString: $0) } ?? "unknown"
    return Failure(
      .badInput, code: .mediaUnsupportedPixels,
      "\(name) has pixels of a format that cannot be converted (\(label))",
      remedy: "Convert it to yuv420p (videos) or PNG (pictures).")
  }

  private func convertYUV(
    _ frame: UnsafeMutablePointer<AVFrame>, _ format: AVPixelFormat, _ matrix: Int32,
    into planes: UnsafeMutablePointer<UInt8>, stride: Int
  ) throws(Failure) {
    let plain = FrameColors.withoutRange(format)
    let conversion = ColorConverter.Conversion(
      format: plain, height: frame.pointee.height, width: frame.pointee.width, matrix: matrix,
      isFullRange: plain != format || frame.pointee.color_range == AVCOL_RANGE_JPEG)
    guard let context = converter.prepare(conversion),
      ill_convert_frame(context, frame, planes, Int32(stride)) == frame.pointee.height
    else { throw unreadable(format) }
  }

  // MARK: Resizing

  /// Resizes one gray channel or three and packs them; `lines` returns the address of a channel's line.
  private func resize(
    channels: Int, height: Int, width: Int, to size: (height: Int, width: Int),
    orientation: Orientation, lines: (_ channel: Int, _ y: Int) -> UnsafePointer<UInt8>
  ) -> RGBImage {
    guard let margins, margins.count == 3, height != width else {
      return resizeLines(
        channels: channels, height: height, width: width, to: size, orientation: orientation,
        lines: lines)
    }
    let side = max(height, width)
    // Where the frame is read from its far edge, the margin that is rounded down is there.
    func before(_ margin: Int, isFlipped: Bool) -> Int {
      isFlipped ? margin - margin / 2 : margin / 2
    }
    let left = before(side - width, isFlipped: orientation.flipX)
    let top = before(side - height, isFlipped: orientation.flipY)
    let line = UnsafeMutablePointer<UInt8>.allocate(capacity: side)
    defer { line.deallocate() }
    return resizeLines(
      channels: 3, height: side, width: side, to: size, orientation: orientation
    ) { channel, y in
      line.update(repeating: margins[channel], count: side)
      if top..<top + height ~= y {
        (line + left).update(from: lines(channels == 3 ? channel : 0, y - top), count: width)
      }
      return UnsafePointer(line)
    }
  }

  private func resizeLines(
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
