import Media

/// A picture, or the sampled frames of a video, brought to the size the model wants.
public struct Visual: Sendable {
  /// What it is.
  public let kind: MediaKind
  /// The picture, or the frames in order; all of one size.
  public let frames: [RGBImage]
  /// Each frame's time in seconds; empty for a picture.
  public let timestamps: [Double]

  /// A picture.
  public init(image: RGBImage) {
    kind = .image
    frames = [image]
    timestamps = []
  }

  /// A video.
  public init(frames: [RGBImage], timestamps: [Double]) {
    kind = .video
    self.frames = frames
    self.timestamps = timestamps
  }
}
