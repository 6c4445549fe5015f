import Compute

/// The image encoder's output for one segment.
public struct EncodedSegment: Sendable {
  /// The visual tokens of several segments, `[tokens, hidden]`.
  let tokens: Matrix
  /// Their DeepStack features: `[tokens, hidden]` for each of the first layers of the language model,
  /// which adds them to its visual tokens.
  let features: [Matrix]
  /// This segment's rows of `tokens` and `features`.
  let rows: Range<Int>

  /// The original indices of the groups that survived, ascending.
  public let survivors: [Int]
  /// `[count]`: how many original groups each token stands for; empty if every token stands for one.
  public internal(set) var sizes: [Float]
  /// The groups that were computed for this segment, ascending; `nil` for all. The others are those of
  /// frames before.
  public var computed: [Int]?

  /// The number of visual tokens left.
  public var count: Int { rows.count }
  /// The segment's visual tokens, `[count, hidden]`.
  public var embeddings: MatrixView { tokens[rows: rows] }
}
