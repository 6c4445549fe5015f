extension AnswerDocument {
  /// A file of a job.
  public struct Medium: Sendable, Codable, Equatable {
    /// Its name: the path in the inbox, or as it was given.
    public var name: String
    /// The page, from 1, of a document that has several.
    public var page: Int?
    /// The length of the file in bytes.
    public var bytes: Int?
    /// What tells its bytes from those of other files, with the name of the rule in front.
    public var digest: String?
    /// When the picture or video was taken, by the file itself.
    public var created: String?
    /// `image` or `video`.
    public var kind: String?
    /// The format of an image; the container and the codec of a video.
    public var format: String?
    /// The upright size of the picture or video.
    public var size: Size?
    /// The size the model saw.
    public var shown: Size?
    /// Seconds of a video.
    public var duration: Double?
    /// Frames that were looked at; empty for an image.
    public var frames: [Frame]?

    /// A file of which only the name and the length are known.
    public init(name: String, bytes: Int?) {
      self.name = name
      self.bytes = bytes
    }
  }

  /// A size in pixels.
  public struct Size: Sendable, Codable, Equatable {
    /// Pixels from left to right.
    public let width: Int
    /// Pixels from top to bottom.
    public let height: Int

    /// A size from its sides.
    public init(width: Int, height: Int) {
      self.width = width
      self.height = height
    }
  }

  /// A frame of a video that was looked at.
  public struct Frame: Sendable, Codable, Equatable {
    /// Its number, from 0.
    public let index: Int
    /// Its time, in seconds after the first frame.
    public let seconds: Double

    /// A frame from its number and its time.
    public init(index: Int, seconds: Double) {
      self.index = index
      self.seconds = seconds
    }
  }
}
