import Diagnostics

/// An image file's bytes as a decoder takes them: without what it does not need, and with what is
/// missing at the end of a file that was cut off made up.
struct StoredPicture {
  private(set) var bytes: [UInt8]
  /// Whether the file ends before its image does.
  private(set) var isCut = false
  /// Whether the lowest line is stored first.
  private(set) var isBottomUp = false
  /// The lines that are missing, where the format tells before it is decoded.
  private(set) var missingLines = 0
  /// Whether all that is there belongs to the first scan of a JPEG.
  private(set) var isFirstScan = false
  /// The gray, from 0 to 255, that a PNG of 1, 2 or 4 bits makes transparent, which its decoder leaves out.
  private(set) var transparentGray: Int?
  /// Whether a fourth byte of a pixel is its opacity.
  private(set) var hasAlpha = true
  /// The EXIF orientation.
  let orientation: Orientation?
  /// When it was taken, by its EXIF data.
  let created: String?

  /// Reads a file whole.
  ///
  /// - Throws: `media.too-large`.
  init(_ file: SourceFile, format: ImageFormat, reading: MediaReading) throws(Failure) {
    // A packet's size is 32 bits, with some bytes of padding.
    try MediaLimits.check(
      bytes: file.size, most: min(reading.limits.maxImageBytes, Int(Int32.max) - 4096),
      name: file.name)
    let whole = file.head(file.size)
    let blanks = ImageFormat.blanks(whole)
    bytes = blanks > 0 ? Array(whole[blanks...]) : whole
    let tags = ExifBlock.find(in: bytes, format: format).flatMap { ExifTags($0) }
    orientation = tags?.orientation
    created = tags?.created
    switch format {
    case .jpeg:
      let scans = JPEGScans.count(in: bytes)
      isFirstScan = scans <= 1
      if scans > reading.limits.maxScans {
        throw Failure(
          .badInput, code: .mediaTooLarge,
          "\(file.name) is drawn in more than \(reading.limits.maxScans) scans, each of which "
            + "takes as long as a whole picture",
          remedy: "Save it anew, as a plain JPEG.")
      }
      isCut = !JPEGScans.hasEnd(bytes)
    case .png:
      (bytes, isCut) = PNGChunks.essential(bytes)
      transparentGray = PNGChunks.transparentGray(bytes)
    case .webp: isCut = WebPChunks.isCut(bytes)
    case .bmp: completeBMP(limits: reading.limits)
    default: break
    }
  }

  /// Adds gray lines to an uncompressed BMP that lacks some (the header is that of Windows 3).
  private mutating func completeBMP(limits: MediaLimits) {
    func number(_ at: Int, _ size: Int) -> Int {
      at + size > bytes.count
        ? 0 : bytes[at..<at + size].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
    guard number(14, 4) >= 40 else { return }
    let width = Int(Int32(truncatingIfNeeded: number(18, 4)))
    let height = Int(Int32(truncatingIfNeeded: number(22, 4)))
    let (offset, bits, compression) = (number(10, 4), number(28, 2), number(30, 4))
    isBottomUp = height > 0
    // Opacity has a mask of its own in headers of version 3 and later; otherwise the byte is unused.
    hasAlpha = [3, 6].contains(compression) && number(14, 4) >= 56 && number(66, 4) != 0
    let (area, overflow) = width.multipliedReportingOverflow(by: abs(height))
    // 0 is uncompressed, 3 has masks for the colors.
    guard width > 0, !overflow, area > 0, area <= limits.maxPixels, bits <= 32,
      compression == 0 || compression == 3, offset < bytes.count
    else { return }
    let line = (width * bits + 31) / 32 * 4
    let wanted = offset.addingClamped(line.multipliedClamped(by: abs(height)))
    guard line > 0, wanted > bytes.count, wanted < Int(Int32.max) - 4096 else { return }
    isCut = true
    missingLines = (wanted - bytes.count + line - 1) / line
    bytes += [UInt8](repeating: 128, count: wanted - bytes.count)
  }
}
