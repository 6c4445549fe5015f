import CFFmpeg
import CImages
import CPoppler
import Diagnostics

/// The main image of an AVIF or HEIC file (ISO/IEC 23008-12), read by libheif, which also turns, mirrors,
/// crops and joins it as the file says.
enum HEIFPicture {
  /// The longest side of an image that is put together of several, whatever its other side.
  private static let longestSide = 20_000

  /// Decodes the image to the planes in which it is stored.
  ///
  /// - Throws: `media.unsupported-format` for forms that libheif cannot decode, `media.undecodable`,
  ///   `media.too-large`.
  static func decode(
    _ file: SourceFile, format: ImageFormat, reading: MediaReading
  ) throws(Failure) -> StillFrame {
    try MediaLimits.check(
      bytes: file.size, most: reading.limits.maxImageBytes, name: file.name)
    let bytes = file.head(file.size)
    // The decoder of AV1 prints what it finds.
    ill_silence_begin()
    defer { ill_silence_end() }
    guard let context = heif_context_alloc() else { throw LibavError.outOfMemory("an image") }
    defer { heif_context_free(context) }
    heif_context_set_max_decoding_threads(context, Int32(max(1, min(reading.threads, 8))))
    heif_context_set_maximum_image_size_limit(
      context, Int32(clamping: min(reading.limits.maxPixels, 65_535)))
    let picture = File(name: file.name, format: format, isCut: isCut(bytes))
    return try bytes.withUnsafeBufferPointer { buffer throws(Failure) -> StillFrame in
      try picture.check(
        heif_context_read_from_memory_without_copy(context, buffer.baseAddress, buffer.count, nil))
      return try decode(
        context, picture, chroma: HEIFProperties(Array(bytes.prefix(1 << 16))).chroma,
        reading: reading)
    }
  }

  private static func decode(
    _ context: OpaquePointer, _ file: File, chroma: heif_chroma, reading: MediaReading
  ) throws(Failure) -> StillFrame {
    var found: OpaquePointer?
    try file.check(heif_context_get_primary_image_handle(context, &found))
    guard let handle = found else { throw LibavError.undecodable(file.name, "") }
    defer { heif_image_handle_release(handle) }
    let sides = [
      heif_image_handle_get_width(handle), heif_image_handle_get_height(handle),
      heif_image_handle_get_ispe_width(handle), heif_image_handle_get_ispe_height(handle),
    ]
    try MediaLimits.check(
      width: sides[0], height: sides[1], pixels: reading.limits.maxPixels, name: file.name)
    try MediaLimits.check(
      width: sides[2], height: sides[3], pixels: reading.limits.maxPixels, name: file.name)
    // A grid has a size of its own, which need not be the one that the file states.
    heif_context_set_maximum_image_size_limit(
      context, min(Int32(longestSide), max(64, sides.max() ?? 0)) + 64)
    var decoded: OpaquePointer?
    // Left to itself, libheif 1.15 converts to RGB; as it is stored, at most its range is converted.
    let space =
      chroma == heif_chroma_monochrome
      ? heif_colorspace_monochrome
      : chroma == heif_chroma_undefined ? heif_colorspace_undefined : heif_colorspace_YCbCr
    try file.check(heif_decode_image(handle, &decoded, space, chroma, nil))
    guard let image = decoded else { throw LibavError.undecodable(file.name, "") }
    defer { heif_image_release(image) }
    let still = try HEIFPlanes(
      image, isPremultiplied: heif_image_handle_is_premultiplied_alpha(handle) != 0
    ).frame(format: file.format, name: file.name, reading: reading)
    still.created = HEIFTags.created(handle)
    return still
  }

  /// Whether a box of the file (ISO/IEC 14496-12, section 4.2) goes on beyond its end.
  private static func isCut(_ bytes: [UInt8]) -> Bool {
    var at = 0
    while at + 8 <= bytes.count {
      var size = ImageFormat.bigEndian(bytes, at)
      if size == 0 { return false }
      if size == 1 {
        guard at + 16 <= bytes.count else { return true }
        let high = ImageFormat.bigEndian(bytes, at + 8)
        guard high < 1 << 30 else { return true }
        size = high << 32 | ImageFormat.bigEndian(bytes, at + 12)
      }
      guard size >= 8, size <= bytes.count - at else { return size > bytes.count - at }
      at += size
    }
    return at < bytes.count
  }

  /// What messages say of a file.
  private struct File {
    let name: String
    let format: ImageFormat
    /// Whether the file ends before its last box does.
    let isCut: Bool

    /// Throws the failure for an error of libheif.
    func check(_ error: heif_error) throws(Failure) {
      guard error.code != heif_error_Ok else { return }
      let reason = error.message.map { ": " + String(cString: $0).trimmed } ?? ""
      if error.subcode == heif_suberror_Security_limit_exceeded
        || error.subcode == heif_suberror_Invalid_image_size && !isCut
      {
        throw Failure(
          .badInput, code: .mediaTooLarge, "\(name) is larger than pictures may be\(reason)",
          remedy: "Scale it down before handing it in.")
      }
      switch error.code {
      case heif_error_Memory_allocation_error: throw LibavError.outOfMemory("\(name)\(reason)")
      case _ where isCut: throw LibavError.undecodable(name, ": the file ends early")
      case heif_error_Unsupported_filetype, heif_error_Unsupported_feature:
        throw Failure(
          .badInput, code: .mediaUnsupportedFormat,
          "\(name) is a \(format.rawValue.uppercased()) picture of a form that cannot be decoded"
            + reason,
          remedy: "Save it as JPEG or PNG.")
      default: throw LibavError.undecodable(name, reason)
      }
    }
  }
}
