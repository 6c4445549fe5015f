/// The groups of a film's frame that reach a layer, those computed for it and those kept of frames before.
///
/// After merging, a row stands for several groups of the frame. Where some of them have changed, they are
/// taken off: the row then stands for the rest, as it was when it was computed, and is gone once no group
/// is left.
struct FilmRows {
  /// A row that is kept.
  struct Row {
    /// The group whose place it has: the one it was computed for or, where that has changed, the first of
    /// those that its rows before the last merging layer have.
    var group: Int
    /// The groups that it stands for, ascending.
    var members: [Int]
    /// Where its keys and values are kept.
    let slot: Int
    /// The segment it was computed for, and its number among that segment's tokens.
    let origin: (segment: Int, token: Int)
  }

  /// The rows of one frame.
  struct Frame {
    /// The kept rows that are not computed for it, by their groups.
    let kept: [Row]
    /// The rows that are computed for it, in order.
    let computed: [Row]

    /// All rows, by their groups.
    var all: [Row] { (kept + computed).sorted { $0.group < $1.group } }
  }

  private var rows: [Row] = []
  private var free: [Int] = []
  private var slots = 0

  /// Goes on to another frame.
  ///
  /// - Parameters:
  ///   - changed: whether each group of the frame is computed for it.
  ///   - computed: the rows that are computed for it: their groups, and what they stand for.
  ///   - below: the same frame before the merging layer; `nil` before the first.
  ///   - segment: the frame's number.
  mutating func replace(
    _ changed: [Bool], by computed: [(group: Int, members: [Int])], segment: Int,
    below: Frame? = nil
  ) -> Frame {
    var kept: [Row] = []
    var names: [Int: Int] = [:]
    for row in below?.kept ?? [] { for member in row.members { names[member] = row.group } }
    for var row in rows {
      row.members.removeAll { changed[$0] }
      guard let first = row.members.first else {
        free.append(row.slot)
        continue
      }
      if changed[row.group] {
        row.group = row.members.map { names[$0] ?? $0 }.min() ?? first
      }
      kept.append(row)
    }
    var own: [Row] = []
    for (token, row) in computed.enumerated() {
      let slot = free.popLast() ?? slots
      slots = max(slots, slot + 1)
      own.append(
        Row(group: row.group, members: row.members, slot: slot, origin: (segment, token)))
    }
    rows = kept + own
    return Frame(kept: kept.sorted { $0.group < $1.group }, computed: own)
  }

  /// The most rows of every frame after this many of its groups were computed: those kept of the frame
  /// before, but no more than have not changed, and the computed ones.
  ///
  /// - Parameters:
  ///   - groups: the groups of a frame.
  ///   - computed: for each frame, how many groups were computed.
  ///   - left: how many of so many groups the merging layers up to here leave.
  static func most(groups: Int, computed: [Int], left: (Int) -> Int) -> [Int] {
    var before = 0
    return computed.map { count in
      before = min(before, groups - count) + left(count)
      return before
    }
  }
}
