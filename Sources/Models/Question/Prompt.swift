/// A question as token ids, with a placeholder for every visual token before merging.
public struct Prompt: Sendable {
  /// A run: contiguous visual tokens that the language model merges together.
  public struct Run: Sendable, Equatable {
    /// Their range in `ids`: the groups of all its segments, one after the other, or as `packing` says.
    public let tokens: Range<Int>
    /// The segments of the run, by number within the question.
    public let segments: Range<Int>
    /// How its tokens are made of those of the segments; `nil` where they are the same.
    public let packing: RunPacking?

    /// A run from its parts.
    public init(tokens: Range<Int>, segments: Range<Int>, packing: RunPacking? = nil) {
      self.tokens = tokens
      self.segments = segments
      self.packing = packing
    }
  }

  /// The ids, placeholders included.
  public private(set) var ids: [Int32] = []
  /// The position of every token.
  public private(set) var positions: TokenPositions
  /// The segments of the placeholders, in order.
  public private(set) var segments: [Segment] = []
  /// The runs of placeholders, in order.
  public private(set) var runs: [Run] = []

  /// Whether the answer begins inside a thought.
  public internal(set) var opensThought = false

  /// An empty prompt.
  ///
  /// - Parameter axes: the numbers in a token's position.
  init(axes: Int) { positions = TokenPositions(axes: axes) }

  /// Visual tokens before merging.
  public var visualTokens: Int { runs.reduce(0) { $0 + $1.tokens.count } }

  /// Groups of each segment.
  public var groups: [Int] { segments.map(\.grid.groups) }

  /// Adds tokens of text.
  mutating func append(_ ids: [Int32]) {
    self.ids += ids
    positions.appendText(ids.count)
  }

  /// Adds the placeholders of a run.
  ///
  /// - Parameters:
  ///   - packing: how its tokens are made of those of the segments; `nil` where they are the same.
  ///   - place: adds the positions of all the run's tokens.
  mutating func append(
    _ run: [Segment], packing: RunPacking? = nil, placeholder: Int32,
    place: (inout TokenPositions) -> Void
  ) {
    let count = packing?.tokens ?? run.reduce(0) { $0 + $1.grid.groups }
    runs.append(
      Run(
        tokens: ids.count..<ids.count + count,
        segments: segments.count..<segments.count + run.count, packing: packing))
    segments += run
    ids += repeatElement(placeholder, count: count)
    place(&positions)
  }
}
