import CFFmpeg
import CLight

/// What the color fields of a frame mean, and which conversion shows them as a person sees them.
///
/// Numbers are those of ITU-T H.273, as in FFmpeg. Fields that a file leaves open are filled in as
/// players do.
struct FrameColors {
  /// The matrix between RGB and YUV.
  let matrix: AVColorSpace
  /// The transfer function.
  let transfer: AVColorTransferCharacteristic
  /// The primaries.
  let primaries: AVColorPrimaries
  /// Whether the frame is RGB, which has no matrix.
  let isRGB: Bool
  /// Whether luma uses all codes.
  let isFullRange: Bool
  private let isVideo: Bool

  init(
    _ frame: UnsafeMutablePointer<AVFrame>, _ descriptor: UnsafePointer<AVPixFmtDescriptor>,
    isVideo: Bool
  ) {
    let flags = Int32(truncatingIfNeeded: descriptor.pointee.flags)
    self.isVideo = isVideo
    isRGB = flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL) != 0
    let format = AVPixelFormat(frame.pointee.format)
    isFullRange =
      frame.pointee.color_range == AVCOL_RANGE_JPEG || Self.withoutRange(format) != format
    let (stated, curve, colors) = (
      frame.pointee.colorspace, frame.pointee.color_trc, frame.pointee.color_primaries
    )
    let isHDR = Self.hdr.contains(curve)
    // Without color information, videos from 1280 wide or above 576 high are BT.709, and HDR is BT.2020.
    let isLarge = isVideo && (frame.pointee.width >= 1280 || frame.pointee.height > 576)
    if !Self.unstated.contains(stated) {
      matrix = stated
    } else {
      matrix = isHDR ? AVCOL_SPC_BT2020_NCL : isLarge ? AVCOL_SPC_BT709 : AVCOL_SPC_SMPTE170M
    }
    transfer = curve
    let assumed = isHDR ? AVCOL_PRI_BT2020 : AVCOL_PRI_BT709
    primaries = Self.known.contains(colors) ? colors : assumed
  }

  private static let unstated = [AVCOL_SPC_UNSPECIFIED, AVCOL_SPC_RESERVED, AVCOL_SPC_RGB]
  /// PQ and HLG (BT.2100).
  private static let hdr = [AVCOL_TRC_SMPTE2084, AVCOL_TRC_ARIB_STD_B67]
  /// Transfer functions that look wrong where they are taken for SDR's.
  private static let strange = hdr + [AVCOL_TRC_LINEAR, AVCOL_TRC_LOG, AVCOL_TRC_LOG_SQRT]
  /// Primaries far wider than BT.709's: BT.2020, and P3 with both of its whites.
  private static let wide = [AVCOL_PRI_BT2020, AVCOL_PRI_SMPTE431, AVCOL_PRI_SMPTE432]
  private static let known =
    wide + [
      AVCOL_PRI_BT709, AVCOL_PRI_BT470M, AVCOL_PRI_BT470BG, AVCOL_PRI_SMPTE170M,
      AVCOL_PRI_SMPTE240M, AVCOL_PRI_FILM, AVCOL_PRI_SMPTE428, AVCOL_PRI_EBU3213,
    ]

  /// Whether the frame has to be brought to SDR with BT.709's primaries.
  ///
  /// Only of videos: images keep their values, as in the programs that models were trained with.
  var isBeyondSDR: Bool {
    isVideo && (Self.strange.contains(transfer) || Self.wide.contains(primaries))
  }

  /// swscale's number of the matrix; `nil` where it has none.
  var swscaleMatrix: Int32? {
    switch matrix {
    case AVCOL_SPC_BT709: SWS_CS_ITU709
    case AVCOL_SPC_BT470BG, AVCOL_SPC_SMPTE170M: SWS_CS_ITU601
    case AVCOL_SPC_FCC: SWS_CS_FCC
    case AVCOL_SPC_SMPTE240M: SWS_CS_SMPTE240M
    case AVCOL_SPC_BT2020_NCL: SWS_CS_BT2020
    default: nil
    }
  }

  /// The conversion for `ill_light_convert`.
  var light: ill_light {
    // SDR's transfer functions are close to each other, and the result has the same one.
    let curve = Self.strange.contains(transfer) ? transfer : AVCOL_TRC_BT709
    return ill_light(
      matrix: Int32(matrix.rawValue), transfer: Int32(curve.rawValue),
      primaries: Int32(primaries.rawValue), full_range: isFullRange ? 1 : 0,
      to_sdr: isBeyondSDR ? 1 : 0)
  }

  /// The plain format instead of its full-range twin, which swscale calls deprecated.
  static func withoutRange(_ format: AVPixelFormat) -> AVPixelFormat {
    switch format {
    case AV_PIX_FMT_YUVJ420P: AV_PIX_FMT_YUV420P
    case AV_PIX_FMT_YUVJ422P: AV_PIX_FMT_YUV422P
    case AV_PIX_FMT_YUVJ444P: AV_PIX_FMT_YUV444P
    case AV_PIX_FMT_YUVJ440P: AV_PIX_FMT_YUV440P
    case AV_PIX_FMT_YUVJ411P: AV_PIX_FMT_YUV411P
    default: format
    }
  }

  /// FFmpeg's name of the matrix.
  var matrixName: String {
    av_color_space_name(matrix).map { String(cString: $0) } ?? "number \(matrix.rawValue)"
  }
}
