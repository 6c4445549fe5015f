import Compute
import Diagnostics

/// The intermediate rows of an MLP, for a block of rows at a time.
struct MLPBuffers {
  /// `[rows at a time, intermediate]`.
  let inner: Matrix
  /// `[rows at a time, intermediate]`; empty where the MLP has no gate.
  let second: Matrix

  /// Rows that the MLP computes at a time.
  var rowsAtOnce: Int { max(1, inner.rows) }

  /// - Parameters:
  ///   - rows: all rows.
  ///   - rowsAtOnce: the most rows at a time.
  init(rows: Int, size: Int, hasGate: Bool, rowsAtOnce: Int) throws(Failure) {
    let run = min(rows, max(1, rowsAtOnce))
    inner = try Matrix(rows: run, columns: size)
    second = try Matrix(rows: hasGate ? run : 0, columns: size)
  }

  /// Memory that the buffers take.
  static func bytes(rows: Int, size: Int, hasGate: Bool, rowsAtOnce: Int) -> Int {
    Matrix.bytes(rows: min(rows, max(1, rowsAtOnce)), columns: size) * (hasGate ? 2 : 1)
  }
}
