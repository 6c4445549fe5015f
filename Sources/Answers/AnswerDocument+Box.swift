extension AnswerDocument {
  /// A box or a point that an answer names.
  public struct Box: Sendable, Codable, Equatable {
    /// `box` or `point`.
    public let kind: String
    /// What the model says is there.
    public let label: String?
    /// The index of the file in `media`; `nil` where the answer does not say in which of several.
    public let media: Int?
    /// The frame of a video, where the answer says which.
    public let frame: Frame?
    /// Pixels of the file's upright picture: `x1, y1, x2, y2`, or `x, y`; `nil` where the file is not known.
    public let pixels: [Int]?
    /// The model's own numbers.
    public let numbers: [Double]

    /// A box from its parts.
    public init(
      kind: String, label: String?, media: Int?, frame: Frame?, pixels: [Int]?, numbers: [Double]
    ) {
      self.kind = kind
      self.label = label
      self.media = media
      self.frame = frame
      self.pixels = pixels
      self.numbers = numbers
    }
  }
}
