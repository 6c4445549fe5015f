import Media

/// A picture, or the sampled frames of a film, brought to the size the model wants.
public struct Visual: Sendable {
  /// What it is.
  public enum Kind: String, Sendable, Codable {
    /// One still picture.
    case picture
    /// Frames of a film.
    case film
  }

  /// What it is.
  public let kind: Kind
  /// The picture, or the frames in order; all of one size.
  public let frames: [RGBImage]
  /// Each frame's time in seconds; empty for a picture.
  public let timestamps: [Double]

  /// A picture.
  public init(picture: RGBImage) {
    kind = .picture
    frames = [picture]
    timestamps = []
  }

  /// A film.
  public init(frames: [RGBImage], timestamps: [Double]) {
    kind = .film
    self.frames = frames
    self.timestamps = timestamps
  }
}
