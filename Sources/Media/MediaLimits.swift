import Diagnostics

/// How large media may be; what exceeds a limit is refused before it is decoded.
public struct MediaLimits: Sendable, Equatable {
  /// The most pixels a picture may have.
  public var maxPixels = 100_000_000
  /// The most pixels one frame of a film may have: an 8K frame (8192 × 4320) passes. It is lower
  /// than the limit for pictures because a decoder keeps up to 17 frames and more.
  public var maxFilmPixels = 40_000_000
  /// The most bytes a picture file may have; it is read whole.
  public var maxPictureBytes = 1 << 30

  /// The default limits.
  public init() {}

  /// Refuses a size over `pixels`; a size not known yet (zero) passes.
  static func check(
    width: Int32, height: Int32, pixels: Int, name: String
  ) throws(Failure) {
    let (area, overflow) = Int(width).multipliedReportingOverflow(by: Int(height))
    guard overflow || area > pixels else { return }
    throw tooLarge(name: name, size: "\(width)×\(height)", pixels: pixels)
  }

  static func tooLarge(name: String, size: String, pixels: Int) -> Failure {
    Failure(
      .badInput, code: "media.too-large",
      "\(name) is \(size) pixels; the limit is \(pixels) pixels",
      remedy: "Scale it down before handing it in, or raise the limit.")
  }
}
