/// One view of a question's media: the image encoder computes each segment by itself.
public struct Segment: Sendable, Equatable {
  /// The index, within the question, of the image or video it comes from.
  public let source: Int
  /// Whether the source is a video.
  public let isVideo: Bool
  /// The part of the source that the segment shows.
  public let view: View

  /// A segment from its parts.
  public init(source: Int, isVideo: Bool, view: View) {
    self.source = source
    self.isVideo = isVideo
    self.view = view
  }

  /// The patches it is cut into.
  public var grid: PatchGrid { view.grid }
}
