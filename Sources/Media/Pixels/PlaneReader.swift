import CFFmpeg

/// Reads the channels of an RGB, gray or palette frame as separate 8-bit planes.
///
/// Transparent parts are blended with the background. Deeper channels are rounded to 8 bits.
struct PlaneReader {
  private let frame: UnsafeMutablePointer<AVFrame>
  private let descriptor: UnsafePointer<AVPixFmtDescriptor>
  private let alpha: AlphaPlane?

  init(
    frame: UnsafeMutablePointer<AVFrame>, descriptor: UnsafePointer<AVPixFmtDescriptor>,
    alpha: AlphaPlane?
  ) {
    self.frame = frame
    self.descriptor = descriptor
    self.alpha = alpha
  }

  /// Whether this type can read a pixel format.
  static func reads(_ descriptor: UnsafePointer<AVPixFmtDescriptor>) -> Bool {
    let flags = Int32(truncatingIfNeeded: descriptor.pointee.flags)
    let strange =
      AV_PIX_FMT_FLAG_HWACCEL | AV_PIX_FMT_FLAG_BAYER | AV_PIX_FMT_FLAG_FLOAT
      | Self.xyz
    guard flags & strange == 0, descriptor.pointee.comp.0.depth <= 16 else { return false }
    return flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL) != 0
      || descriptor.pointee.nb_components <= 2
  }

  /// `AV_PIX_FMT_FLAG_XYZ`, which FFmpeg has since 6.0; before that, XYZ is not marked as RGB either.
  private static let xyz: Int32 = 1 << 10

  var width: Int { Int(frame.pointee.width) }
  var height: Int { Int(frame.pointee.height) }

  private var isGray: Bool {
    let flags = Int32(truncatingIfNeeded: descriptor.pointee.flags)
    return flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL) == 0
  }

  /// The number of channels: 1 for gray on a gray background, otherwise 3.
  var channels: Int { isGray && alpha?.hasColor != true ? 1 : 3 }
  private var isInverted: Bool { frame.pointee.format == AV_PIX_FMT_MONOWHITE.rawValue }
  private var isLimitedGray: Bool {
    isGray && frame.pointee.color_range == AVCOL_RANGE_MPEG && descriptor.pointee.comp.0.depth >= 8
  }

  /// A function that returns the address of a channel's line; the pointer is valid until the next call.
  func lines() -> (_ channel: Int, _ y: Int) -> UnsafePointer<UInt8> {
    let line = Line(width: width)
    return { channel, y in
      ill_read_row(
        frame, descriptor, Int32(y), isGray ? 0 : Int32(channel), line.scratch, line.values)
      if isInverted { for x in 0..<width { line.values[x] = 255 - line.values[x] } }
      if isLimitedGray { ill_expand_gray(line.values, width) }
      alpha?.blend(line.values, channel: channel, y: y)
      return UnsafePointer(line.values)
    }
  }

  /// A buffer for one line.
  private final class Line {
    let values: UnsafeMutablePointer<UInt8>
    let scratch: UnsafeMutablePointer<UInt16>

    init(width: Int) {
      values = .allocate(capacity: width)
      scratch = .allocate(capacity: width)
    }

    deinit {
      values.deallocate()
      scratch.deallocate()
    }
  }
}
