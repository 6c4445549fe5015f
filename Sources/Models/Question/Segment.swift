/// A view of a question's media: what the image encoder is given at a time.
public struct Segment: Sendable, Equatable {
  /// The index, within the question, of the image or video it comes from.
  public let source: Int
  /// Whether that is a video.
  public let isVideo: Bool
  /// What it shows of it.
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
