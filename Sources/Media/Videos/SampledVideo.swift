/// The frames taken from a video.
public struct SampledVideo: Sendable {
  /// The frames, upright and resized, all of one size, in order of time.
  public var frames: [RGBImage]
  /// Each frame's number in the video, counted from 0 in order of time.
  public var indices: [Int]
  /// Frames per second; the mean where the rate varies.
  public var frameRate: Double
  /// The number of frames of the video that can be decoded.
  public var totalFrames: Int
  /// Seconds from the start of the first frame to the end of the last.
  public var durationSeconds: Double
  /// When it was recorded, by the file itself: RFC 3339, without a zone where the file states none.
  public var created: String?
  /// When each frame is shown, in seconds after the video's first frame: `index / frameRate`, or the
  /// true time where the rate varies.
  public var timestamps: [Double]
  /// Problems and peculiarities of a video that could still be read; one sentence each.
  public var warnings: [String]
  /// Width before resizing, upright.
  public var sourceWidth: Int
  /// Height before resizing, upright.
  public var sourceHeight: Int
  /// The codec's short name, such as `h264`.
  public var codec: String
  /// The container's short name, such as `matroska,webm`.
  public var container: String
}
