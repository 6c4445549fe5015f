import Models

/// The place of a segment's groups on a picture of the report.
///
/// A picture has the model's proportions and a whole number of pixels per group, so that group borders
/// lie on pixel borders whatever the size of the file.
struct GroupGrid: Sendable, Equatable {
  /// Groups from left to right.
  let across: Int
  /// Groups from top to bottom.
  let down: Int
  /// Pixels along a group's side.
  let cell: Int

  init(across: Int, down: Int, cell: Int) {
    self.across = across
    self.down = down
    self.cell = cell
  }

  /// The grid whose longer side comes closest to `longest` pixels.
  init(_ grid: PatchGrid, longest: Int, cells: ClosedRange<Int>) {
    across = max(1, grid.groupsAcross)
    down = max(1, grid.groups / max(1, grid.groupsAcross))
    cell = min(cells.upperBound, max(cells.lowerBound, longest / max(across, down)))
  }

  var width: Int { across * cell }
  var height: Int { down * cell }
  var groups: Int { across * down }

  /// The pixels of a group.
  func rect(of group: Int) -> PixelRect {
    PixelRect(
      x: group % across * cell, y: group / across * cell, width: cell, height: cell)
  }
}
