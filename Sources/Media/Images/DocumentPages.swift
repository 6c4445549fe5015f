import Diagnostics

/// The pages of a document, which is a TIFF or PDF file.
public struct DocumentPages: Sendable, Equatable {
  /// The number of pages; 1 for a file that is no document.
  public let count: Int
  /// The file's name, for messages.
  public let name: String

  /// Counts the pages of a file; smaller copies of images and masks are none.
  ///
  /// - Throws: as `ImageFile.decode` for a file that cannot be read.
  public init(path: String, reading: MediaReading = MediaReading()) throws(Failure) {
    let file = try SourceFile(path: path)
    name = file.name
    switch ImageFormat(file.head(1 << 16)) {
    case .tiff: count = try TIFFDirectories(file).pages.count
    case .pdf: count = try PDFPage.count(file, reading: reading)
    default: count = 1
    }
  }
}
