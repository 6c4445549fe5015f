/// A file that a question is about, and how it is to be taken.
public struct MediaItem: Sendable, Equatable {
  /// Its path.
  public var path: String
  /// Whether it is asked about as a picture or as a film; `nil` decides by its content.
  public let kind: Kind?

  /// How a file is taken.
  public enum Kind: String, Sendable, Codable {
    /// One picture.
    case picture
    /// Frames of a film.
    case film
  }

  /// A file to ask about.
  public init(path: String, kind: Kind? = nil) {
    self.path = path
    self.kind = kind
  }
}
