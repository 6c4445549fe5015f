/// A rectangle of a grid of groups.
public struct GridArea: Sendable, Equatable {
  /// The rows, from the top.
  public var rows: Range<Int>
  /// The columns, from the left.
  public var columns: Range<Int>

  /// An area from its parts.
  public init(rows: Range<Int>, columns: Range<Int>) {
    self.rows = rows
    self.columns = columns
  }

  /// A whole grid.
  public init(down: Int, across: Int) { self.init(rows: 0..<down, columns: 0..<across) }

  /// The number of groups.
  public var count: Int { rows.count * columns.count }

  /// The number of a group, counted row by row within the area; `nil` outside it.
  public func index(row: Int, column: Int) -> Int? {
    guard rows.contains(row), columns.contains(column) else { return nil }
    return (row - rows.lowerBound) * columns.count + column - columns.lowerBound
  }

  /// The part of the area that lies in a rectangle, counted from the rectangle's corner.
  public func part(in other: GridArea) -> GridArea {
    func shifted(_ range: Range<Int>, _ limits: Range<Int>) -> Range<Int> {
      let clamped = range.clamped(to: limits)
      return clamped.lowerBound - limits.lowerBound..<clamped.upperBound - limits.lowerBound
    }
    return GridArea(
      rows: shifted(rows, other.rows), columns: shifted(columns, other.columns))
  }
}
