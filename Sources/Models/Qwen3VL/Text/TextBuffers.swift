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
  /// `[rows, heads · headSize]`: what attention gives.
  let attended: Matrix
  /// `[min(rows, rowsAtOnce), intermediate]`.
  let gate: Matrix
  /// `[min(rows, rowsAtOnce), intermediate]`.
  let up: Matrix

  /// - Parameter rowsAtOnce: rows of the MLP at a time.
  init(
    rows: Int, _ configuration: TextConfiguration, rowsAtOnce: Int = ThreadTeam.maxRowsAtOnce
  ) throws(Failure) {
    let queryColumns = configuration.heads * configuration.headSize
    let keyColumns = configuration.keyValueHeads * configuration.headSize
    normalized = try Matrix(rows: rows, columns: configuration.hiddenSize)
    queries = try Matrix(rows: rows, columns: queryColumns)
    keys = try Matrix(rows: rows, columns: keyColumns)
    values = try Matrix(rows: rows, columns: keyColumns)
    attended = try Matrix(rows: rows, columns: queryColumns)
    let run = min(rows, max(1, rowsAtOnce))
    gate = try Matrix(rows: run, columns: configuration.intermediateSize)
    up = try Matrix(rows: run, columns: configuration.intermediateSize)
  }

  /// Memory that the buffers take for this many rows.
  static func bytes(
    rows: Int, _ configuration: TextConfiguration, rowsAtOnce: Int = ThreadTeam.maxRowsAtOnce
  ) -> Int {
    let queryColumns = configuration.heads * configuration.headSize
    let keyColumns = configuration.keyValueHeads * configuration.headSize
    let inner = Matrix.bytes(
      rows: min(rows, max(1, rowsAtOnce)), columns: configuration.intermediateSize)
    return Matrix.bytes(rows: rows, columns: configuration.hiddenSize)
      + 2 * Matrix.bytes(rows: rows, columns: queryColumns)
      + 2 * Matrix.bytes(rows: rows, columns: keyColumns) + 2 * inner
  }
}
