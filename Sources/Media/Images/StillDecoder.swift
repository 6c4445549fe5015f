import CFFmpeg
import Diagnostics

/// Chooses the library that decodes a still image or the page of a document.
enum StillDecoder {
  /// Decodes an image; `page` is counted from 0.
  ///
  /// - Throws: as `ImageFile.decodeTargets`.
  static func decode(
    _ file: SourceFile, page: Int, reading: MediaReading
  ) throws(Failure) -> StillFrame {
    let head = file.head(1 << 16)
    let format = ImageFormat(head)
    guard page == 0 || format == .tiff || format == .pdf else {
      throw TIFFPicture.noPage(page, of: file.name)
    }
    switch format {
    case .jpeg:
      return try coded(file, .jpeg, AV_CODEC_ID_MJPEG, reading)
    case .png:
      return try coded(file, .png, AV_CODEC_ID_PNG, reading)
    case .webp where ImageFormat.isAnimatedWebP(head):
      return try AnimatedWebP.decode(file, reading: reading)
    case .webp:
      return try coded(file, .webp, AV_CODEC_ID_WEBP, reading)
    case .bmp:
      return try coded(file, .bmp, AV_CODEC_ID_BMP, reading)
    case .tiff:
      return try TIFFPicture.decode(file, page: page, reading: reading)
    case .avif where HEIFProperties(head).isPlain:
      let still = try CodedPicture.decodeContained(file, reading: reading)
      still.created = HEIFTags.created(file)
      return still
    case .avif, .heic:
      return try HEIFPicture.decode(file, format: format ?? .heic, reading: reading)
    case .pdf:
      return try PDFPage.decode(file, page: page, reading: reading)
    case nil:
      return try CodedPicture.decodeContained(file, reading: reading)
    }
  }

  private static func coded(
    _ file: SourceFile, _ format: ImageFormat, _ codec: AVCodecID, _ reading: MediaReading
  ) throws(Failure) -> StillFrame {
    try CodedPicture.decode(file, format: format, codec: codec, reading: reading)
  }
}
