import CFFmpeg
import Diagnostics

/// Whether a file is a still picture or a film.
public enum MediaKind: String, Sendable, CaseIterable {
  /// One still picture.
  case picture
  /// Moving pictures: a film, or an animation of two frames or more.
  case film

  /// Tells from a file's content what it is; nothing is decoded.
  ///
  /// Throws what `PictureFile` and `FilmFile` would throw where it is neither.
  public static func probe(_ path: String) throws(Failure) -> MediaKind {
    let file = try SourceFile(path: path)
    let head = file.head(1 << 16)
    if let format = PictureFormat(head) {
      switch format {
      case .png: return PictureFormat.framesOfPNG(head) > 1 ? .film : .picture
      case .jpeg: return PictureFormat.isMotionJPEG(name: file.name) ? .film : .picture
      case .webp, .bmp, .tiff: return .picture
      }
    }
    let demuxer = try Demuxer(file)
    if demuxer.container == "gif" {
      let isMoving = demuxer.next() != nil && demuxer.next() != nil
      return isMoving ? .film : .picture
    }
    return demuxer.holdsStill ? .picture : .film
  }
}
