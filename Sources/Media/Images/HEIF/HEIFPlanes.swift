import CFFmpeg
import CImages
import Diagnostics

/// The planes of an image that libheif decoded.
struct HEIFPlanes {
  private let image: OpaquePointer
  private let isPremultiplied: Bool

  init(_ image: OpaquePointer, isPremultiplied: Bool) {
    self.image = image
    self.isPremultiplied = isPremultiplied
  }

  /// How the colors are coded (ITU-T H.273), as numbers, 2 where it is unspecified.
  private struct Colors {
    var primaries: UInt32 = 2
    var transfer: UInt32 = 2
    var matrix: UInt32 = 2
    var isFullRange = true
  }

  private var colors: Colors {
    var profile: UnsafeMutablePointer<heif_color_profile_nclx>?
    guard heif_image_get_nclx_color_profile(image, &profile).code == heif_error_Ok, let profile
    else { return Colors() }
    defer { heif_nclx_color_profile_free(profile) }
    return Colors(
      primaries: profile.pointee.color_primaries.rawValue,
      transfer: profile.pointee.transfer_characteristics.rawValue,
      matrix: profile.pointee.matrix_coefficients.rawValue,
      isFullRange: profile.pointee.full_range_flag != 0)
  }

  /// The planes as a frame with straight alpha.
  ///
  /// - Throws: `media.unsupported-pixels`, `media.too-large`.
  func frame(
    format: ImageFormat, name: String, reading: MediaReading
  ) throws(Failure) -> StillFrame {
    let colors = colors
    let space = heif_image_get_colorspace(image)
    let isMono = space == heif_colorspace_monochrome
    let channels =
      space == heif_colorspace_RGB
      ? [heif_channel_G, heif_channel_B, heif_channel_R]
      : isMono ? [heif_channel_Y] : [heif_channel_Y, heif_channel_Cb, heif_channel_Cr]
    let hasAlpha = heif_image_has_channel(image, heif_channel_Alpha) != 0
    let isRGB = space == heif_colorspace_RGB || (!isMono && colors.matrix == 0)
    let bits = heif_image_get_bits_per_pixel_range(image, channels[0])
    guard let first = Plane(image, channels[0]), (8...16).contains(bits),
      let (pixels, depth) = pixels(isRGB: isRGB, isMono: isMono, hasAlpha: hasAlpha, bits: bits)
    else { throw unreadable(name) }
    try MediaLimits.check(
      width: first.width, height: first.height, pixels: reading.limits.maxPixels, name: name)
    let still = try StillFrame(
      width: Int(first.width), height: Int(first.height), pixels: pixels, format: format.rawValue)
    let frame = still.frame
    for (index, channel) in channels.enumerated() {
      guard let plane = Plane(image, channel) else { throw unreadable(name) }
      plane.copy(into: frame, plane: index, bits: depth, stretches: false)
    }
    // Gray with alpha is stored with chroma.
    if isMono, hasAlpha {
      for index in Int32(1)...2 { fill(frame, plane: index, bits: depth, value: 1 << (depth - 1)) }
    }
    if hasAlpha, let alpha = Plane(image, heif_channel_Alpha) {
      alpha.copy(into: frame, plane: 3, bits: depth, stretches: true)
      if isPremultiplied { straighten(frame, isRGB: isRGB, colors: colors, bits: depth) }
    }
    frame.pointee.color_primaries = AVColorPrimaries(colors.primaries)
    frame.pointee.color_trc = AVColorTransferCharacteristic(colors.transfer)
    frame.pointee.colorspace = isRGB ? AVCOL_SPC_RGB : AVColorSpace(colors.matrix)
    frame.pointee.color_range =
      isRGB || colors.isFullRange ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG
    return still
  }

  private func unreadable(_ name: String) -> Failure {
    Failure(
      .badInput, code: .mediaUnsupportedPixels,
      "\(name) has pixels of a form that cannot be converted",
      remedy: "Save it as JPEG or PNG.")
  }

  /// FFmpeg's format for these planes, and its bits per value.
  private func pixels(
    isRGB: Bool, isMono: Bool, hasAlpha: Bool, bits: Int32
  ) -> (AVPixelFormat, Int32)? {
    var name = "yuv\(hasAlpha ? "a" : "")"
    switch heif_image_get_chroma_format(image) {
    case heif_chroma_monochrome: name = hasAlpha ? "yuva420p" : "gray"
    case heif_chroma_420: name += "420p"
    case heif_chroma_422: name += "422p"
    case heif_chroma_444: name = isRGB ? "gbr\(hasAlpha ? "ap" : "p")" : name + "444p"
    default: return nil
    }
    // Not every format has every depth: 4:2:0 of 12 bits has no alpha.
    for depth in [bits, 10, 12, 16] where depth >= bits {
      let suffix = depth == 8 ? "" : "\(depth)\(String(cString: ill_byte_order()))"
      let format = av_get_pix_fmt(name + suffix)
      if format != AV_PIX_FMT_NONE { return (format, depth) }
    }
    return nil
  }

  private func fill(
    _ frame: UnsafeMutablePointer<AVFrame>, plane: Int32, bits: Int32, value: Int32
  ) {
    let size = ill_plane_size(frame, plane)
    ill_fill_plane(
      ill_plane(frame, plane), Int(ill_stride(frame, plane)), size.width, size.height, bits, value)
  }

  private func straighten(
    _ frame: UnsafeMutablePointer<AVFrame>, isRGB: Bool, colors: Colors, bits: Int32
  ) {
    for plane in Int32(0)..<3 {
      let size = ill_plane_size(frame, plane)
      let black: Int32 = colors.isFullRange ? 0 : 16 << (bits - 8)
      ill_straighten_plane(
        ill_plane(frame, plane), Int(ill_stride(frame, plane)), size.width, size.height, bits,
        isRGB ? 0 : plane == 0 ? black : 1 << (bits - 1), ill_plane(frame, 3),
        Int(ill_stride(frame, 3)), frame.pointee.width, frame.pointee.height)
    }
  }

  /// One plane of libheif's image.
  private struct Plane {
    let width: Int32
    let height: Int32
    private let bits: Int32
    private let base: UnsafePointer<UInt8>
    private let stride: Int32

    init?(_ image: OpaquePointer, _ channel: heif_channel) {
      var stride: Int32 = 0
      width = heif_image_get_width(image, channel)
      height = heif_image_get_height(image, channel)
      bits = heif_image_get_bits_per_pixel_range(image, channel)
      guard width > 0, height > 0, (1...16).contains(bits),
        let base = heif_image_get_plane_readonly(image, channel, &stride), stride > 0
      else { return nil }
      self.base = base
      self.stride = stride
    }

    func copy(
      into frame: UnsafeMutablePointer<AVFrame>, plane: Int, bits: Int32, stretches: Bool
    ) {
      let size = ill_plane_size(frame, Int32(plane))
      ill_copy_plane(
        base, Int(stride), width, height, self.bits, ill_plane(frame, Int32(plane)),
        Int(ill_stride(frame, Int32(plane))), size.width, size.height, bits, stretches ? 1 : 0)
    }
  }
}
