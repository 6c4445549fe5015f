import Media

/// A file as it was seen: what it is, and which frames of it were looked at.
public struct Source: Sendable {
  /// The path as it was given.
  public var path: String
  /// The SHA-256 of its bytes, in hexadecimal.
  public let sha256: String
  /// Picture or video.
  public let kind: MediaKind
  /// Its format or container and codec.
  public let format: String
  /// Its upright size in pixels.
  public let size: PixelSize
  /// The size it was shown with; the largest where it was shown in several.
  public let shown: PixelSize
  /// The frames that were looked at; empty for a picture.
  public let frames: [Frame]
  /// What was odd about it.
  public let warnings: [String]

  /// A frame that was looked at.
  public struct Frame: Sendable, Codable, Equatable {
    /// Its number, from 0.
    public let index: Int
    /// Its time, in seconds.
    public let seconds: Double
  }
}
