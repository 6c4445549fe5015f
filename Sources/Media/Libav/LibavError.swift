import CFFmpeg
import Diagnostics

/// Texts for libav's error codes, and the failures that several files of this module throw.
enum LibavError {
  /// FFmpeg's own text for an error code.
  static func text(_ code: Int32) -> String {
    var buffer = [CChar](repeating: 0, count: 128)
    guard av_strerror(code, &buffer, buffer.count) >= 0 else { return "error \(code)" }
    return String(
      decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// The failure for a libav object that could not be allocated.
  static func outOfMemory(_ what: String) -> Failure {
    Failure(.outOfMemory, code: .mediaOutOfMemory, "no memory for \(what)")
  }

  /// The failure for a file that can be opened but not decoded.
  static func undecodable(_ name: String, _ reason: String) -> Failure {
    Failure(
      .badInput, code: .mediaUndecodable, "\(name) cannot be decoded\(reason)",
      remedy: "Copy the file again: it is damaged or was cut off while it was copied.")
  }

  /// The failure for a file without video.
  static func noVideo(_ name: String) -> Failure {
    Failure(
      .badInput, code: .mediaNoVideo, "\(name) has no video stream",
      remedy: "Choose a file with moving pictures.")
  }

  /// The failure for a file of an unsupported format.
  static func unsupported(_ name: String, _ reason: String) -> Failure {
    Failure(
      .badInput, code: .mediaUnsupportedFormat,
      "\(name) is not a picture or a video that can be read\(reason)",
      remedy:
        "Hand in one of these formats. Pictures: JPEG, PNG, WebP, BMP, TIFF, GIF, AVIF, HEIC, PDF. "
        + "Videos: MP4/MOV, Matroska/WebM, AVI, MPEG-TS, MPEG-PS, FLV, Ogg, ASF/WMV, MXF, IVF, "
        + "GIF, APNG, and raw H.264, HEVC, AV1, MPEG-1/2/4 or MJPEG.")
  }
}
