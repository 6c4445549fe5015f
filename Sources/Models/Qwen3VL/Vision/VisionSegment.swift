import Media

/// What the image encoder is given at a time: the frames of one segment and its grid.
public struct VisionSegment: Sendable {
  /// As many frames as a patch is deep; a still picture stands for all of them.
  public let frames: [RGBImage]
  /// The patches they are cut into.
  public let grid: PatchGrid
  /// The index, within the question, of the picture or video it comes from.
  public let source: Int
  /// Whether it comes from a video.
  public let isVideo: Bool

  /// A segment from its parts.
  public init(frames: [RGBImage], grid: PatchGrid, source: Int, isVideo: Bool) {
    self.frames = frames
    self.grid = grid
    self.source = source
    self.isVideo = isVideo
  }
}
