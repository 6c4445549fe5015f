import Media

/// The size of an image or a video before it is resized for a model.
public struct MediaShape: Sendable, Equatable {
  /// Image or video.
  public var kind: MediaKind
  /// Frames that are looked at; 1 for an image.
  public var frames: Int
  /// Pixels from top to bottom, upright.
  public var height: Int
  /// Pixels from left to right, upright.
  public var width: Int
  /// Whether the question has other images besides this one.
  public var isAmongImages = false

  /// A shape from its parts.
  public init(_ kind: MediaKind, frames: Int = 1, height: Int, width: Int) {
    self.kind = kind
    self.frames = frames
    self.height = height
    self.width = width
  }
}
