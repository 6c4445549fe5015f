import Media

/// A file that was looked at: its properties, and which of its frames were used.
public struct Source: Sendable {
  /// The path as it was given.
  public var path: String
  /// The page, from 1, of a document that has several; `nil` for any other file.
  public let page: Int?
  /// What tells its bytes from those of other files (`FileDigest.identity`).
  public let digest: String
  /// Its length in bytes.
  public let bytes: Int
  /// When it was taken or recorded, by the file itself: RFC 3339, without a zone where it states none.
  public let created: String?
  /// Image or video.
  public let kind: MediaKind
  /// Its format or container and codec.
  public let format: String
  /// Its upright size in pixels.
  public let size: PixelSize
  /// The size in which it was shown; the largest where it was shown in several.
  public let shown: PixelSize
  /// Seconds of a video; `nil` for an image.
  public let duration: Double?
  /// The frames that were used; empty for an image.
  public let frames: [Frame]
  /// Warnings about the file.
  public let warnings: [String]

  /// A frame of a video that was used.
  public struct Frame: Sendable, Codable, Equatable {
    /// Its number, from 0.
    public let index: Int
    /// Its time, in seconds.
    public let seconds: Double
  }
}
