import CFFmpeg

/// Reads the channels of an RGB, gray or palette frame as separate 8-bit planes.
///
/// Alpha is left out, as PIL's `convert("RGB")` does. Deeper channels are rounded to 8 bits.
struct PlaneReader {
  private let frame: UnsafeMutablePointer<AVFrame>
  private let descriptor: UnsafePointer<AVPixFmtDescriptor>

  init(
    frame: UnsafeMutablePointer<AVFrame>, descriptor: UnsafePointer<AVPixFmtDescriptor>
  ) {
    self.frame = frame
    self.descriptor = descriptor
  }

  /// Whether a pixel format is one that this type is for.
  static func reads(_ descriptor: UnsafePointer<AVPixFmtDescriptor>) -> Bool {
    let flags = Int32(truncatingIfNeeded: descriptor.pointee.flags)
    let strange =
      AV_PIX_FMT_FLAG_HWACCEL | AV_PIX_FMT_FLAG_BAYER | AV_PIX_FMT_FLAG_FLOAT
      | Self.xyz
    guard flags & strange == 0, descriptor.pointee.comp.0.depth <= 16 else { return false }
    return flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL) != 0
      || descriptor.pointee.nb_components <= 2
  }

  /// `AV_PIX_FMT_FLAG_XYZ`, which FFmpeg has since 6.0; before, XYZ is not flagged RGB either.
  private static let xyz: Int32 = 1 << 10

  var width: Int { Int(frame.pointee.width) }
  var height: Int { Int(frame.pointee.height) }

  /// Whether there is one channel instead of three.
  var isGray: Bool {
    let flags = Int32(truncatingIfNeeded: descriptor.pointee.flags)
    return flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL) == 0
  }

  private var channels: Int { isGray ? 1 : 3 }
  private var isInverted: Bool { frame.pointee.format == AV_PIX_FMT_MONOWHITE.rawValue }
  private var isLimitedGray: Bool {
    isGray && frame.pointee.color_range == AVCOL_RANGE_MPEG && descriptor.pointee.comp.0.depth >= 8
  }

  /// Reads all lines into planes of exactly `height * width` values, red first.
  func readAll(into base: UnsafeMutablePointer<UInt8>) {
    var scratch = [UInt16](repeating: 0, count: width)
    for channel in 0..<channels {
      for y in 0..<height {
        read(y, channel, &scratch, base + (channel * height + y) * width)
      }
    }
  }

  /// Hands out the planes in stripes of lines from the top: pointers and strides of each channel,
  /// the first line's number, and how many lines.
  func forEachStripe(
    _ body: (UnsafePointer<UnsafePointer<UInt8>?>, UnsafePointer<Int32>, Int, Int) -> Void
  ) {
    // 64 lines of a 20,000 pixel wide picture are 4 MB; swscale's own set-up per call is nothing
    // beside them.
    let most = 64
    var stripe = [UInt8](repeating: 0, count: channels * most * width + 64)
    var scratch = [UInt16](repeating: 0, count: width)
    let strides = [Int32](repeating: Int32(width), count: 3)
    stripe.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      let pointers: [UnsafePointer<UInt8>?] = (0..<3).map { channel in
        channel < channels ? UnsafePointer(base + channel * most * width) : nil
      }
      for top in stride(from: 0, to: height, by: most) {
        let rows = min(most, height - top)
        for channel in 0..<channels {
          for row in 0..<rows {
            read(top + row, channel, &scratch, base + (channel * most + row) * width)
          }
        }
        body(pointers, strides, top, rows)
      }
    }
  }

  private func read(
    _ y: Int, _ channel: Int, _ scratch: inout [UInt16], _ out: UnsafeMutablePointer<UInt8>
  ) {
    ill_read_row(frame, descriptor, Int32(y), Int32(channel), &scratch, out)
    if isInverted { for x in 0..<width { out[x] = 255 - out[x] } }
    if isLimitedGray { ill_expand_gray(out, width) }
  }
}
