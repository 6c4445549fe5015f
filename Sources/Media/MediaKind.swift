import CFFmpeg
import Diagnostics

/// Whether a file is, or is treated as, an image or a video.
public enum MediaKind: String, Sendable, Codable, CaseIterable {
  /// One still image, or a document whose pages are images.
  case image
  /// A video, or an animation of two frames or more.
  case video

  /// Determines from a file's content whether it is an image or a video; nothing is decoded.
  ///
  /// Throws the errors of `ImageFile` and `VideoFile` where it is neither.
  public static func probe(_ path: String) throws(Failure) -> MediaKind {
    let file = try SourceFile(path: path)
    let head = file.head(1 << 16)
    if let format = ImageFormat(head) {
      switch format {
      case .png: return ImageFormat.framesOfPNG(head) > 1 ? .video : .image
      case .jpeg: return ImageFormat.isMotionJPEG(name: file.name) ? .video : .image
      case .webp, .bmp, .tiff, .avif, .heic, .pdf: return .image
      }
    }
    let demuxer = try Demuxer(file)
    try CodedPicture.refuseStrayJPEG(demuxer)
    if demuxer.container == "gif" {
      let isMoving = demuxer.next() != nil && demuxer.next() != nil
      return isMoving ? .video : .image
    }
    return demuxer.holdsStill ? .image : .video
  }
}
