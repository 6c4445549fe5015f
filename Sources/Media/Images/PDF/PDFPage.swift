import CFFmpeg
import CPoppler
import Diagnostics

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Pages of PDF documents, drawn by poppler.
enum PDFPage {
  /// The pixels of a page's longer side: A4 at 170 per inch, where small print is legible.
  private static let longestSide: Int32 = 2000
  /// The most seconds for one page, which is refused if it takes longer.
  private static let seconds: Int32 = 25

  /// Draws a page, the first of which is 0.
  ///
  /// - Throws: `media.encrypted`, `media.undecodable`, `media.too-large`.
  static func decode(
    _ file: SourceFile, page: Int, reading: MediaReading
  ) throws(Failure) -> StillFrame {
    let document = try read(file, page: Int32(clamping: page), reading: reading)
    let (width, height) = (Int(document.width), Int(document.height))
    guard let pixels = document.pixels else { throw LibavError.undecodable(file.name, "") }
    let still = try StillFrame(
      width: width, height: height, pixels: AV_PIX_FMT_RGB24, plane: pixels, stride: 3 * width,
      format: "pdf", owner: Pixels(pixels))
    if document.lacks_fonts != 0 {
      still.warnings.append(
        "fonts of \(file.name) are missing on this computer, so some text may not be shown; embed "
          + "the fonts in the file, or install them")
    }
    return still
  }

  /// The number of pages.
  ///
  /// - Throws: as `decode`.
  static func count(_ file: SourceFile, reading: MediaReading) throws(Failure) -> Int {
    Int(try read(file, page: -1, reading: reading).pages)
  }

  private static func read(
    _ file: SourceFile, page: Int32, reading: MediaReading
  ) throws(Failure) -> ill_pdf {
    try MediaLimits.check(
      bytes: file.size, most: min(reading.limits.maxImageBytes, Int(Int32.max)), name: file.name)
    let bytes = file.head(file.size)
    var document = ill_pdf_read(
      bytes, bytes.count, page, longestSide, Int64(reading.limits.maxPixels), seconds)
    guard document.state != ill_pdf_fine else { return document }
    let message = withUnsafeBytes(of: &document.message) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self).trimmed
    }
    let place = page < 0 ? "" : "page \(page + 1) of "
    switch document.state {
    case ill_pdf_locked:
      throw Failure(
        .badInput, code: .mediaEncrypted, "\(file.name) is encrypted and asks for a password",
        remedy: "Save it without a password.")
    case ill_pdf_no_memory: throw LibavError.outOfMemory("\(place)\(file.name)")
    case ill_pdf_too_slow:
      throw Failure(
        .badInput, code: .mediaTooLarge,
        "\(place)\(file.name) takes more than \(seconds) seconds to draw",
        remedy: "Print it to a simpler PDF, or hand in a picture of it.")
    case ill_pdf_ended:
      throw Failure(
        .badInput, code: .mediaTooLarge,
        "\(place)\(file.name) takes too much memory to draw, or is damaged",
        remedy: "Print it to a simpler PDF, or hand in a picture of it.")
    default:
      throw Failure(
        .badInput, code: .mediaUndecodable,
        "\(place)\(file.name) cannot be drawn" + (message.isEmpty ? "" : ": \(message)"),
        remedy: "Open it in another program and print it to a new PDF; if that fails, too, copy it "
          + "again, because it is damaged.")
    }
  }

  /// Owns the pixels of a page.
  private final class Pixels {
    private let base: UnsafeMutablePointer<UInt8>

    init(_ base: UnsafeMutablePointer<UInt8>) { self.base = base }

    deinit { free(base) }
  }
}
