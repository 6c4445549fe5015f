import Media

/// An image, or the sampled frames of a video, resized for the model.
public struct Visual: Sendable {
  /// Image or video.
  public let kind: MediaKind
  /// The image in each size of the layout; or the frames in order, all of one size.
  public let images: [RGBImage]
  /// Each frame's time in seconds; empty for an image.
  public let timestamps: [Double]
  /// The views it is cut into.
  public let layout: MediaLayout

  /// A visual from its parts.
  public init(
    _ kind: MediaKind, images: [RGBImage], timestamps: [Double] = [], layout: MediaLayout
  ) {
    self.kind = kind
    self.images = images
    self.timestamps = timestamps
    self.layout = layout
  }
}
