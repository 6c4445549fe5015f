/// Finds the EXIF data in an image file's bytes: a TIFF of its own.
///
/// FFmpeg 5 reads the orientation in it for JPEG only. Formats: Exif 2.32, section 4.6.
enum ExifBlock {
  /// The data; `nil` where the file has none or damaged ones.
  static func find(in bytes: [UInt8], format: ImageFormat) -> ArraySlice<UInt8>? {
    switch format {
    case .jpeg: jpeg(bytes)
    case .png: png(bytes)
    case .webp: webp(bytes)
    case .bmp, .tiff, .avif, .heic, .pdf: nil
    }
  }

  private static let marker: [UInt8] = Array("Exif\0\0".utf8)

  /// The first APP1 segment with EXIF data; segments end where the image data starts.
  private static func jpeg(_ bytes: [UInt8]) -> ArraySlice<UInt8>? {
    var at = 2
    while at + 4 <= bytes.count, bytes[at] == 0xFF {
      let kind = bytes[at + 1]
      if kind == 0xFF {  // A fill byte.
        at += 1
        continue
      }
      if kind == 0xDA || kind == 0xD9 { return nil }
      let end = at + 2 + Int(bytes[at + 2]) << 8 + Int(bytes[at + 3])
      guard end > at + 3, end <= bytes.count else { return nil }
      let body = bytes[at + 4..<max(at + 4, end)]
      if kind == 0xE1, body.starts(with: marker) { return body.dropFirst(marker.count) }
      at = end
    }
    return nil
  }

  private static func png(_ bytes: [UInt8]) -> ArraySlice<UInt8>? {
    var at = 8
    while at + 12 <= bytes.count {
      let length = ImageFormat.bigEndian(bytes, at)
      guard length <= bytes.count - at - 12 else { return nil }
      if bytes[at + 4..<at + 8].elementsEqual("eXIf".utf8) {
        return bytes[at + 8..<at + 8 + length]
      }
      at += 12 + length
    }
    return nil
  }

  private static func webp(_ bytes: [UInt8]) -> ArraySlice<UInt8>? {
    var at = 12
    while at + 8 <= bytes.count {
      let length = bytes[at + 4..<at + 8].reversed().reduce(0) { $0 << 8 | Int($1) }
      guard length <= bytes.count - at - 8 else { return nil }
      if bytes[at..<at + 4].elementsEqual("EXIF".utf8) {
        let body = bytes[at + 8..<at + 8 + length]
        return body.starts(with: marker) ? body.dropFirst(marker.count) : body
      }
      // Chunks are padded to an even length.
      at += 8 + length + length % 2
    }
    return nil
  }
}
