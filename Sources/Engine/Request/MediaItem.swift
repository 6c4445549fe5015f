import Media

/// A file that a question is about, and its kind.
public struct MediaItem: Sendable, Equatable {
  /// Its path.
  public var path: String
  /// Whether the file is read as an image or as a video; `nil` decides by its content.
  public let kind: MediaKind?

  /// A file to ask about.
  public init(path: String, kind: MediaKind? = nil) {
    self.path = path
    self.kind = kind
  }
}
