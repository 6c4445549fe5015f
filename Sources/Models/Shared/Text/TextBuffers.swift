import Compute
import Diagnostics

/// The intermediate rows of a text layer, allocated once for all layers of a pass.
struct TextBuffers {
  /// `[rows, hidden]`.
  let normalized: Matrix
  /// `[rows, heads · headSize]`.
  let queries: Matrix
  /// `[rows, keyValueHeads · headSize]`.
  let keys: Matrix
  /// `[rows, keyValueHeads · headSize]`.
  let values: Matrix
  /// `[rows, heads · headSize]`: the output of attention.
  let attended: Matrix
  /// The intermediate rows of the gated MLP.
  let inner: MLPBuffers

  /// - Parameter rowsAtOnce: rows that the MLP computes at a time.
  init(
    rows: Int, _ shape: TextShape, rowsAtOnce: Int = ThreadTeam.maxRowsAtOnce
  ) throws(Failure) {
    normalized = try Matrix(rows: rows, columns: shape.hiddenSize)
    queries = try Matrix(rows: rows, columns: shape.querySize)
    keys = try Matrix(rows: rows, columns: shape.keySize)
    values = try Matrix(rows: rows, columns: shape.keySize)
    attended = try Matrix(rows: rows, columns: shape.querySize)
    inner = try MLPBuffers(
      rows: rows, size: shape.intermediateSize, hasGate: true, rowsAtOnce: rowsAtOnce)
  }

  /// Memory that the buffers take for this many rows.
  static func bytes(
    rows: Int, _ shape: TextShape, rowsAtOnce: Int = ThreadTeam.maxRowsAtOnce
  ) -> Int {
    Matrix.bytes(rows: rows, columns: shape.hiddenSize)
      + 2 * Matrix.bytes(rows: rows, columns: shape.querySize)
      + 2 * Matrix.bytes(rows: rows, columns: shape.keySize)
      + MLPBuffers.bytes(
        rows: rows, size: shape.intermediateSize, hasGate: true, rowsAtOnce: rowsAtOnce)
  }
}
