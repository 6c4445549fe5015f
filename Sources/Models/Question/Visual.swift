import Media

/// An image, or the sampled frames of a video, resized for the model.
public struct Visual: Sendable {
  /// Image or video.
  public let kind: MediaKind
  /// The image in each size of the layout; or the frames in order, all of one size.
  public let images: [RGBImage]
  /// Each frame's time in seconds; empty for an image.
  public let timestamps: [Double]
  /// The frames a second that a video was sampled at: as asked for, or on the average where a number of
  /// frames was asked for. `nil` where it is not known, and for an image.
  public let frameRate: Double?
  /// The views it is cut into.
  public let layout: MediaLayout

  /// A visual from its parts.
  public init(
    _ kind: MediaKind, images: [RGBImage], timestamps: [Double] = [], frameRate: Double? = nil,
    layout: MediaLayout
  ) {
    self.kind = kind
    self.images = images
    self.timestamps = timestamps
    self.frameRate = frameRate
    self.layout = layout
  }
}
