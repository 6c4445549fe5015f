import Media

/// A file that a question is about, and its kind.
public struct MediaItem: Sendable, Equatable {
  /// Its path.
  public var path: String
  /// Whether the file is read as an image or as a video; `nil` decides by its content.
  public let kind: MediaKind?
  /// The page of a document, from 1; `nil` for all that the request asks for, each as an image.
  public let page: Int?

  /// A file to ask about, or one page of it.
  public init(path: String, kind: MediaKind? = nil, page: Int? = nil) {
    self.path = path
    self.kind = kind
    self.page = page
  }
}
