import Diagnostics

/// Limits on media; a file that exceeds one is refused before it is decoded.
public struct MediaLimits: Sendable, Equatable {
  /// The most pixels of an image.
  public var maxPixels = 100_000_000
  /// The most pixels of one frame of a video: an 8K frame (8192 × 4320) is below it. It is lower than
  /// the limit for images because a decoder keeps 17 frames or more.
  public var maxVideoPixels = 40_000_000
  /// The most bytes of an image file, because it is read whole.
  public var maxImageBytes = 1 << 30
  /// The most pixels of all frames of a video together: a whole night of 3840 × 2160 at 30 frames per
  /// second is below it. Where seeking fails, every frame is decoded, however few are looked at.
  public var maxVideoTotal = 10_000_000_000_000
  /// The same for an animated image (GIF, APNG), where 30 bytes can hold a frame of any size.
  public var maxAnimationTotal = 10_000_000_000
  /// The most frames of a video: 23 hours at 60 frames per second are below it.
  public var maxVideoFrames = 5_000_000
  /// The most scans of a JPEG; progressive ones have about ten.
  public var maxScans = 200

  /// The default limits.
  public init() {}

  /// Refuses a size over `pixels`; a size that is not known yet (zero) passes.
  static func check(
    width: Int32, height: Int32, pixels: Int, name: String
  ) throws(Failure) {
    let (area, overflow) = Int(width).multipliedReportingOverflow(by: Int(height))
    guard overflow || area > pixels else { return }
    throw tooLarge(name: name, size: "\(width)×\(height)", pixels: pixels)
  }

  /// Refuses a video whose frames have too many pixels together.
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

  /// Refuses a video with too many frames.
  func check(frames: Int, name: String) throws(Failure) {
    guard frames > maxVideoFrames else { return }
    throw Failure(
      .badInput, code: .mediaTooLarge,
      "\(name) has more than \(maxVideoFrames) frames, the most a video may have",
      remedy: "Cut it into shorter ones.")
  }

  /// Refuses an image file with too many bytes.
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
