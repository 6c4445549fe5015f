/// Windows of attention in an image encoder: squares of groups that attend to themselves only, in all
/// layers but some. Those at the right and lower edges are smaller (HF `get_window_index`).
public struct VisionWindows: Sendable, Equatable {
  /// Groups along a window's side.
  public var side: Int
  /// The layers in which every patch attends to its whole segment.
  public var wholeLayers: Set<Int>

  /// A group alone in its window gets exactly the attention 1. Scores of groups are rounded to this step
  /// before they are compared, so that rounding errors do not choose between such groups.
  static let scoreStep: Float = 1 / 65_536

  /// Windows from their parts.
  public init(side: Int, wholeLayers: Set<Int>) {
    self.side = max(1, side)
    self.wholeLayers = wholeLayers
  }

  /// Whether a layer attends within windows.
  func apply(in layer: Int) -> Bool { !wholeLayers.contains(layer) }

  /// The groups of a grid by window. A group that merging leaves stays in the window of its original
  /// place, so a window may become small or empty.
  ///
  /// - Parameter groups: the groups that are left, by original number, ascending.
  /// - Returns: for each window, indices in `groups`, ascending.
  func parts(of grid: PatchGrid, groups: [Int]) -> [[Int]] {
    let across = (grid.groupsAcross + side - 1) / side
    let down = (grid.groupsDown + side - 1) / side
    var parts = [[Int]](repeating: [], count: across * down)
    for (index, group) in groups.enumerated() {
      let (row, column) = group.quotientAndRemainder(dividingBy: grid.groupsAcross)
      parts[row / side * across + column / side].append(index)
    }
    return parts
  }

  /// The squares of the windows' groups, added up: what attention within windows costs.
  func pairs(of grid: PatchGrid) -> Double {
    func squares(_ groups: Int) -> Double {
      let (whole, rest) = groups.quotientAndRemainder(dividingBy: side)
      return Double(whole * side * side + rest * rest)
    }
    return squares(grid.groupsDown) * squares(grid.groupsAcross)
  }

  /// The most groups of one window.
  func largest(of grid: PatchGrid) -> Int {
    min(side, grid.groupsDown) * min(side, grid.groupsAcross)
  }
}
