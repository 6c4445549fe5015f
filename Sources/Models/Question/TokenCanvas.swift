/// A grid that the visual tokens of one view or of several lie on before they become tokens of the prompt.
public struct TokenCanvas: Sendable, Equatable {
  /// The views, by number within the run; they lie on the canvas row by row.
  public var views: Range<Int>
  /// Views from left to right.
  public var across: Int
  /// The grid of each view.
  public var grid: PatchGrid
  /// The part of the canvas that becomes tokens; the rest is padding.
  public var content: GridArea
  /// The grid that the content is resampled to, bilinearly; `nil` where its groups become tokens as they
  /// are.
  public var target: PatchGrid?
  /// Whether a newline ends every row of tokens.
  public var endsRows: Bool

  /// A canvas from its parts.
  ///
  /// - Parameter content: `nil` for the whole canvas.
  public init(
    views: Range<Int>, across: Int = 1, grid: PatchGrid, content: GridArea? = nil,
    target: PatchGrid? = nil, endsRows: Bool = false
  ) {
    self.views = views
    self.across = max(1, across)
    self.grid = grid
    self.content =
      content
      ?? GridArea(
        down: (views.count + self.across - 1) / self.across * grid.groupsDown,
        across: self.across * grid.groupsAcross)
    self.target = target
    self.endsRows = endsRows
  }

  /// Rows of tokens.
  public var rows: Int { target?.groupsDown ?? content.rows.count }
  /// Visual tokens in a row, without a newline.
  public var columns: Int { target?.groupsAcross ?? content.columns.count }
  /// The tokens of the canvas, newlines included.
  public var tokens: Int { rows * (columns + (endsRows ? 1 : 0)) }
  /// The newlines.
  public var newlines: Int { endsRows ? rows : 0 }

  /// The place of a view on the canvas, in groups.
  public func area(of view: Int) -> GridArea {
    let (row, column) = (view - views.lowerBound).quotientAndRemainder(dividingBy: across)
    let (down, wide) = (grid.groupsDown, grid.groupsAcross)
    return GridArea(
      rows: row * down..<(row + 1) * down, columns: column * wide..<(column + 1) * wide)
  }

  /// The place in the content, counted row by row, of a view's group; `nil` for padding.
  public func cell(of group: Int, view: Int) -> Int? {
    let area = area(of: view)
    let (row, column) = group.quotientAndRemainder(dividingBy: max(1, grid.groupsAcross))
    return content.index(
      row: area.rows.lowerBound + row, column: area.columns.lowerBound + column)
  }

  /// The token, by place in the unmerged canvas, that shows most of a cell of the content.
  public func token(of cell: Int) -> Int {
    let (row, column) = cell.quotientAndRemainder(dividingBy: max(1, content.columns.count))
    func scaled(_ place: Int, _ from: Int, _ to: Int) -> Int {
      min(to - 1, (2 * place + 1) * to / (2 * max(1, from)))
    }
    return place(
      of: scaled(row, content.rows.count, rows) * columns
        + scaled(column, content.columns.count, columns))
  }

  /// The place of a visual token in the unmerged canvas, newlines counted.
  func place(of token: Int) -> Int {
    token + (endsRows ? token / max(1, columns) : 0)
  }

  /// The visual tokens that are made of the content's cells, where `left` of them are left: the same
  /// share of the target's as of the content's.
  func tokens(left: Int) -> Int {
    guard let target, content.count > 0 else { return left }
    let share = Double(target.groups * left) / Double(content.count)
    return max(1, Int(share.rounded(.toNearestOrEven)))
  }
}
