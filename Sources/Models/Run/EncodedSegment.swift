import Compute

/// What the image encoder made of one segment.
public struct EncodedSegment: Sendable {
  /// The tokens of several segments, `[tokens, hidden]`.
  let tokens: Matrix
  /// Their features from earlier layers (DeepStack): `[tokens, hidden]` for each of the first layers of
  /// the language model, which adds them to its visual tokens.
  let features: [Matrix]
  /// This segment's rows of both.
  let rows: Range<Int>

  /// The original indices of the groups its tokens stand for, ascending.
  public let survivors: [Int]
  /// `[count]`: how many groups each token stands for; empty where each is itself alone.
  public let sizes: [Float]

  /// Visual tokens left.
  public var count: Int { rows.count }
  /// `[count, hidden]`.
  public var embeddings: MatrixView { tokens[rows: rows] }
}
