/// Rows of f32 in a block of memory that another object owns: `rows` × `columns`, `stride` apart.
///
/// A view keeps its block alive; pointers taken from a view do not.
public struct MatrixView: @unchecked Sendable {
  // Unchecked: tasks that share a view write disjoint rows or columns of it.

  /// The first element of the first row.
  public let base: UnsafeMutablePointer<Float>
  /// The number of rows.
  public let rows: Int
  /// Elements per row.
  public let columns: Int
  /// Elements from the start of one row to the start of the next.
  public let stride: Int

  /// The owner of the block, where the view has to keep it alive.
  private let owner: AnyObject?

  /// A view of rows that start at `base`, in a block that `owner` keeps alive.
  public init(
    base: UnsafeMutablePointer<Float>, rows: Int, columns: Int, stride: Int,
    owner: AnyObject? = nil
  ) {
    self.owner = owner
    self.base = base
    self.rows = rows
    self.columns = columns
    self.stride = stride
  }

  /// The first element of row `index`.
  public func row(_ index: Int) -> UnsafeMutablePointer<Float> { base + index * stride }

  /// Rows `range`, all columns.
  public subscript(rows range: Range<Int>) -> MatrixView {
    MatrixView(
      base: row(range.lowerBound), rows: range.count, columns: columns, stride: stride,
      owner: owner)
  }

  /// Columns `range`, all rows.
  public subscript(columns range: Range<Int>) -> MatrixView {
    MatrixView(
      base: base + range.lowerBound, rows: rows, columns: range.count, stride: stride,
      owner: owner)
  }

  /// The same elements as `rows / count` rows of `count * columns`; the rows must have no gaps.
  public func grouped(by count: Int) -> MatrixView {
    MatrixView(
      base: base, rows: rows / count, columns: columns * count, stride: stride * count,
      owner: owner)
  }

  /// Copies the rows of `other`, which has the same extents, into this view.
  public func copy(from other: MatrixView) {
    for index in 0..<rows {
      row(index).update(from: other.row(index), count: columns)
    }
  }
}
