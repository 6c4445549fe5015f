import Diagnostics

/// How large media may be; what exceeds a limit is refused before it is decoded.
public struct MediaLimits: Sendable, Equatable {
  /// The most pixels a picture may have.
  public var maxPixels = 100_000_000
  /// The most pixels one frame of a video may have: an 8K frame (8192 × 4320) passes. It is lower
  /// than the limit for pictures because a decoder keeps up to 17 frames and more.
  public var maxVideoPixels = 40_000_000
  /// The most bytes a picture file may have; it is read whole.
  public var maxImageBytes = 1 << 30
  /// The most pixels all frames of a video may have together: a whole night of 3840 × 2160 at 30
  /// frames a second passes. Every frame is decoded, however few are looked at.
  public var maxVideoTotal = 10_000_000_000_000
  /// The same for an animated picture (GIF, APNG), of which 30 bytes can hold a frame of any size.
  public var maxAnimationTotal = 10_000_000_000
  /// The most frames a video may have: 23 hours at 60 frames a second pass.
  public var maxVideoFrames = 5_000_000
  /// The most scans a JPEG may be drawn in; progressive ones have about ten.
  public var maxScans = 200

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

  /// Refuses more pixels in all frames together than may be decoded.
  func check(
    frames: Int, width: Int, height: Int, isAnimation: Bool, name: String
  ) throws(Failure) {
    let total = frames.multipliedClamped(by: width.multipliedClamped(by: height))
    let most = isAnimation ? maxAnimationTotal : maxVideoTotal
    guard total > most else { return }
    let option = isAnimation ? "animation_gigapixels" : "video_gigapixels"
    throw Failure(
      .badInput, code: .mediaTooLarge,
      "\(name) has \(frames) frames of \(width)×\(height), \(Self.gigapixels(total)) gigapixels in "
        + "all; the limit is \(Self.gigapixels(most)) gigapixels (limits.\(option))",
      remedy: "Hand in a shorter or smaller one, or, for jobs of the daemon, raise that limit.")
  }

  /// Refuses more frames than may be counted.
  func check(frames: Int, name: String) throws(Failure) {
    guard frames > maxVideoFrames else { return }
    throw Failure(
      .badInput, code: .mediaTooLarge,
      "\(name) has more than \(maxVideoFrames) frames, the most a video may have",
      remedy: "Cut it into shorter ones.")
  }

  /// Refuses a file with more bytes than a picture may have.
  static func check(
    bytes: Int, most: Int, name: String
  ) throws(Failure) {
    guard bytes > most else { return }
    throw Failure(
      .badInput, code: .mediaTooLarge,
      "\(name) has \(bytes) bytes; the limit for pictures is \(most)",
      remedy: "Scale it down before handing it in, or raise the limit.")
  }

  private static func gigapixels(_ pixels: Int) -> Double {
    (Double(pixels) / 1e8).rounded() / 10
  }

  static func tooLarge(name: String, size: String, pixels: Int) -> Failure {
    Failure(
      .badInput, code: .mediaTooLarge,
      "\(name) is \(size) pixels; the limit is \(pixels) pixels",
      remedy: "Scale it down before handing it in, or raise the limit.")
  }
}
