import Diagnostics
import Engine
import Media

/// The picture of a file, apart from what a model saw of it.
enum OriginalPicture {
  /// The whole picture in a size: decoded again where the file has not changed; otherwise what the model
  /// saw is scaled.
  ///
  /// - Throws: `media.out-of-memory`.
  static func read(
    _ source: Source, reading: MediaReading, size: PixelSize, seen: RGBImage
  ) throws(Failure) -> RGBImage {
    if (try? FileDigest.identity(path: source.path).digest) == source.digest,
      let picture = try? ImageFile.decode(
        path: source.path, page: (source.page ?? 1) - 1, reading: reading,
        target: { _, _ in (height: size.height, width: size.width) })
    {
      return picture.image
    }
    return try seen.resized(width: size.width, height: size.height)
  }
}
