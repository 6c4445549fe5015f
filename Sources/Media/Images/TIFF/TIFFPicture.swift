import CFFmpeg
import CImages
import Diagnostics

/// Images of TIFF files (TIFF 6.0, BigTIFF), read by libtiff.
enum TIFFPicture {
  /// Decodes a page, the first of which is 0.
  ///
  /// - Throws: `media.unsupported-pixels` and `media.unsupported-codec` for forms that are not read,
  ///   `media.unsupported-format` for raw pictures, `media.undecodable`, `media.too-large`.
  static func decode(
    _ file: SourceFile, page: Int, reading: MediaReading
  ) throws(Failure) -> StillFrame {
    let directories = try TIFFDirectories(file)
    guard !directories.isRaw else {
      throw Failure(
        .badInput, code: .mediaUnsupportedFormat,
        "\(file.name) is a raw picture of a camera, which has to be developed first",
        remedy: "Export it as JPEG or TIFF with a program for raw pictures.")
    }
    let pages = directories.pages
    guard pages.indices.contains(page) else { throw noPage(page, of: file.name) }
    let handle = try TIFFHandle(file, offset: pages[page].offset, reading: reading)
    try check(handle)
    let still: StillFrame
    if let samples = TIFFSamples(handle) {
      still = try samples.decode()
    } else {
      still = try TIFFConverted(handle).decode()
    }
    still.orientation = Orientation(exif: Int(handle.short(TIFFTAG_ORIENTATION, 1))) ?? .upright
    still.created = ExifTags(file)?.created
    return still
  }

  /// The failure for a page that a document does not have.
  static func noPage(_ page: Int, of name: String) -> Failure {
    Failure(
      .badInput, code: .mediaUndecodable, "\(name) has no page \(page + 1)",
      remedy: "Ask for fewer pages, or copy the file again.")
  }

  /// Refuses forms whose pixels mean something else than colors, and compressions that this libtiff was
  /// built without.
  private static func check(_ handle: TIFFHandle) throws(Failure) {
    let codec = UInt16(truncatingIfNeeded: handle.short(TIFFTAG_COMPRESSION, 1))
    guard TIFFIsCODECConfigured(codec) == 1 else {
      let label = TIFFFindCODEC(codec).map { String(cString: $0.pointee.name) } ?? "method \(codec)"
      throw Failure(
        .badInput, code: .mediaUnsupportedCodec,
        "\(handle.name) is compressed with \(label), which the installed libtiff cannot decode",
        remedy: "Save it with another compression (LZW or Deflate), or as PNG.")
    }
    let kind = handle.short(TIFFTAG_SAMPLEFORMAT, 1)
    // 4 stands for data without a meaning, which most programs take for whole numbers.
    guard kind != SAMPLEFORMAT_UINT, kind != SAMPLEFORMAT_VOID else { return }
    let label =
      switch kind {
      case SAMPLEFORMAT_INT: "numbers with a sign"
      case SAMPLEFORMAT_IEEEFP: "floating-point numbers"
      default: "complex numbers"
      }
    throw unsupported(handle.name, "whose pixels are \(label)")
  }

  /// The failure for a form of TIFF that is not read.
  static func unsupported(_ name: String, _ form: String) -> Failure {
    Failure(
      .badInput, code: .mediaUnsupportedPixels, "\(name) is a TIFF \(form), which cannot be shown",
      remedy: "Save it with 8 or 16 bits per channel, or as PNG.")
  }
}
