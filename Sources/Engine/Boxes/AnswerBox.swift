import Grounding

/// A box or a point that an answer names, and where it is in the files that were looked at.
public struct AnswerBox: Sendable, Equatable {
  /// A rectangle or a point.
  public let kind: Finding.Kind
  /// What the model says is there.
  public let label: String?
  /// The model's own numbers: `x1, y1, x2, y2`, or `x, y`; all are finite.
  public let numbers: [Double]
  /// The index of the source; `nil` where there are several and the answer does not say which.
  public let source: Int?
  /// The frame of a video, where the answer says which.
  public let frame: Source.Frame?
  /// The place in pixels of the source's own upright size: `x1, y1, x2, y2`, where `x2` and `y2` are behind
  /// the box, or `x, y`; `nil` where the source is not known.
  public let pixels: [Int]?

  /// A box from its parts.
  public init(
    _ kind: Finding.Kind, label: String?, numbers: [Double], source: Int?,
    frame: Source.Frame? = nil, pixels: [Int]?
  ) {
    self.kind = kind
    self.label = label
    self.numbers = numbers
    self.source = source
    self.frame = frame
    self.pixels = pixels
  }
}
