/// Rows of f32 inside somebody else's block: `rows` × `columns`, each row `stride` after the last.
///
/// A view keeps the block it was taken from alive; the pointers taken from a view do not.
public struct MatrixView: @unchecked Sendable {
  // Unchecked: tasks that share a view write disjoint rows or columns of it.

  /// The first element of the first row.
  public let base: UnsafeMutablePointer<Float>
  /// The number of rows.
  public let rows: Int
  /// Elements per row.
  public let columns: Int
  /// Elements from one row's start to the next one's.
  public let stride: Int

  /// Who owns the block, where the view has to keep it.
  private let owner: AnyObject?

  /// Describes rows that start at `base`, in a block that `owner` keeps.
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

  /// The same elements with `rows / count` rows of `count * columns`: needs rows without gaps.
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
