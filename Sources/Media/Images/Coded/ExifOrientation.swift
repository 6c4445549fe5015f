/// Finds the EXIF orientation in an image file's bytes.
///
/// FFmpeg 5 reports it for JPEG only. Formats: Exif 2.32, section 4.6.
enum ExifOrientation {
  /// The orientation; `nil` where the file has none or a damaged one.
  static func find(in bytes: [UInt8], format: ImageFormat) -> Orientation? {
    let block: ArraySlice<UInt8>?
    switch format {
    case .jpeg: block = jpeg(bytes)
    case .png: block = png(bytes)
    case .webp: block = webp(bytes)
    case .bmp, .tiff, .avif, .heic, .pdf: block = nil
    }
    return block.flatMap(orientation(inTIFF:))
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

  /// Reads tag 0x0112 in the first directory of a TIFF block.
  private static func orientation(inTIFF block: ArraySlice<UInt8>) -> Orientation? {
    let start = block.startIndex
    guard block.count >= 8 else { return nil }
    let isLittle = block[start] == 0x49
    guard isLittle || block[start] == 0x4D, block[start] == block[start + 1] else { return nil }
    func number(_ offset: Int, _ size: Int) -> Int? {
      guard offset >= 0, offset <= block.count - size else { return nil }
      let part = block[start + offset..<start + offset + size]
      return isLittle
        ? part.reversed().reduce(0) { $0 << 8 | Int($1) } : part.reduce(0) { $0 << 8 | Int($1) }
    }
    guard number(2, 2) == 42, let directory = number(4, 4), let count = number(directory, 2) else {
      return nil
    }
    for entry in 0..<count {
      let at = directory + 2 + 12 * entry
      guard let tag = number(at, 2) else { return nil }
      // A SHORT (type 3) is in the first two of the four value bytes.
      if tag == 0x0112, number(at + 2, 2) == 3 {
        return number(at + 8, 2).flatMap(Orientation.init)
      }
    }
    return nil
  }
}
