/// A question as token ids, with a placeholder for every visual token there would be unmerged.
public struct Prompt: Sendable {
  /// Visual tokens that stand in one piece and that the language model merges together.
  public struct Run: Sendable, Equatable {
    /// Their range in `ids`: the groups of all its segments, one after the other.
    public let tokens: Range<Int>
    /// The segments behind them, by number within the question.
    public let segments: Range<Int>

    /// A run from its parts.
    public init(tokens: Range<Int>, segments: Range<Int>) {
      self.tokens = tokens
      self.segments = segments
    }
  }

  /// The ids, placeholders included.
  public private(set) var ids: [Int32] = []
  /// Where every token is.
  public private(set) var positions: TokenPositions
  /// The views behind the placeholders, in order.
  public private(set) var segments: [Segment] = []
  /// The placeholders, in order.
  public private(set) var runs: [Run] = []

  /// An empty prompt.
  ///
  /// - Parameter axes: numbers in a token's position.
  init(axes: Int) { positions = TokenPositions(axes: axes) }

  /// Visual tokens there would be unmerged.
  public var visualTokens: Int { runs.reduce(0) { $0 + $1.tokens.count } }

  /// Groups of each segment.
  public var groups: [Int] { segments.map(\.grid.groups) }

  /// Adds tokens that are read as they are.
  mutating func append(_ ids: [Int32]) {
    self.ids += ids
    positions.appendText(ids.count)
  }

  /// Adds the placeholders of a run.
  ///
  /// - Parameter place: adds the positions of all its tokens.
  mutating func append(
    _ run: [Segment], placeholder: Int32, place: (inout TokenPositions) -> Void
  ) {
    let count = run.reduce(0) { $0 + $1.grid.groups }
    runs.append(
      Run(
        tokens: ids.count..<ids.count + count,
        segments: segments.count..<segments.count + run.count))
    segments += run
    ids += repeatElement(placeholder, count: count)
    place(&positions)
  }
}
