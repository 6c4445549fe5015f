import Compute

/// What the image encoder made of one segment.
public struct EncodedSegment: Sendable {
  /// The tokens of several segments, `[tokens, hidden]`.
  let tokens: Matrix
  /// Their DeepStack features, one `[tokens, hidden]` per DeepStack layer.
  let deepStack: [Matrix]
  /// This segment's rows of both.
  let rows: Range<Int>

  /// The original indices of the groups its tokens stand for, ascending.
  public let survivors: [Int]
  /// `[count]`: how many groups each token stands for; empty where each is itself alone.
  public let sizes: [Float]
  /// The grid it was cut into.
  public let grid: PatchGrid

  /// Visual tokens left.
  public var count: Int { rows.count }
  /// `[count, hidden]`.
  public var embeddings: MatrixView { tokens[rows: rows] }

  /// The features of one DeepStack layer, `[count, hidden]`.
  public func deepStackFeatures(_ index: Int) -> MatrixView { deepStack[index][rows: rows] }
}
