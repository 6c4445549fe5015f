/// A question as token ids, with a placeholder for every visual token there would be unmerged.
public struct AssembledPrompt: Sendable {
  /// The placeholders of one picture or one pair of frames.
  public struct Segment: Sendable, Equatable {
    /// Their range in `ids`.
    public let tokens: Range<Int>
    /// The patches behind them.
    public let grid: PatchGrid
    /// The index, within the question, of the picture or video they show.
    public let source: Int
    /// Whether that is a video.
    public let isVideo: Bool
    /// The frames of that picture or video it stands for.
    public let frames: Range<Int>
  }

  /// The ids, placeholders included.
  public private(set) var ids: [Int32] = []
  /// The placeholders' ranges, in order.
  public private(set) var segments: [Segment] = []

  /// Adds tokens that are read as they are.
  mutating func append(_ ids: [Int32]) { self.ids += ids }

  /// Adds the placeholders of a segment.
  mutating func append(_ segment: VisionSegment, placeholder: Int32) {
    let groups = segment.grid.groups
    let before = segments.last.map { $0.source == segment.source ? $0.frames.upperBound : 0 } ?? 0
    segments.append(
      Segment(
        tokens: ids.count..<ids.count + groups, grid: segment.grid, source: segment.source,
        isVideo: segment.isVideo, frames: before..<before + segment.frames.count))
    ids += repeatElement(placeholder, count: groups)
  }

  /// Every token's position (HF `get_rope_index`): text counts on, the groups of a segment share
  /// their time and spread over height and width, and what follows starts after the largest.
  var positions: [TokenPosition] {
    var positions: [TokenPosition] = []
    positions.reserveCapacity(ids.count)
    var next = 0
    func text(_ count: Int) {
      for _ in 0..<count {
        positions.append(TokenPosition(text: next))
        next += 1
      }
    }
    for segment in segments {
      text(segment.tokens.lowerBound - positions.count)
      let across = segment.grid.groupsAcross
      for group in 0..<segment.grid.groups {
        positions.append(
          TokenPosition(start: next, row: group / across, column: group % across))
      }
      next += max(segment.grid.groups / across, across)
    }
    text(ids.count - positions.count)
    return positions
  }

  /// The position of the first generated token.
  var nextPosition: Int {
    (positions.map { max($0.time, $0.height, $0.width) }.max() ?? -1) + 1
  }
}
