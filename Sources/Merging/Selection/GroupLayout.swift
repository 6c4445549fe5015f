/// Where the surviving groups of a segment lie in its original grid.
public struct GroupLayout: Sendable, Equatable {
  /// Groups of the original grid from left to right.
  public let across: Int
  /// Groups of the original grid from top to bottom.
  public let down: Int
  /// The original index of each group that is left, ascending, row by row from the top left.
  public let original: [Int]

  /// A layout from its parts.
  public init(across: Int, down: Int, original: [Int]) {
    self.across = across
    self.down = down
    self.original = original
  }

  /// The cell of a grid of about `side × side` groups that each group lies in.
  ///
  /// - Returns: the groups of every cell that holds any, cells row by row, groups ascending.
  func cells(side: Int) -> [[Int]] {
    let cellsAcross = max(1, (across + side - 1) / side)
    let cellsDown = max(1, (down + side - 1) / side)
    var cells = [[Int]](repeating: [], count: cellsAcross * cellsDown)
    for (index, group) in original.enumerated() {
      let (row, column) = group.quotientAndRemainder(dividingBy: max(1, across))
      // Cells of nearly the same size: seven groups are four and three, not four, two and one.
      let cellRow = min(cellsDown - 1, row * cellsDown / max(1, down))
      let cellColumn = min(cellsAcross - 1, column * cellsAcross / max(1, across))
      cells[cellRow * cellsAcross + cellColumn].append(index)
    }
    return cells.filter { !$0.isEmpty }
  }
}
