import Compute
import Diagnostics

/// The intermediate rows of a text layer, allocated once for all layers of a pass. Layers of both kinds
/// use the same memory.
struct TextBuffers {
  /// `[rows, hidden]`.
  let normalized: Matrix
  /// `[rows, keyValueHeads · headSize]`.
  let keys: Matrix
  /// `[rows, keyValueHeads · headSize]`.
  let values: Matrix
  /// `[rows, valueHeads]`: the decay of each head of a recurrence; empty without one.
  let decay: Matrix
  /// `[rows, valueHeads]`: the rate of each head of a recurrence; empty without one.
  let rate: Matrix
  /// The intermediate rows of the gated MLP.
  let inner: MLPBuffers

  private let wide: Matrix
  private let result: Matrix
  private let shape: TextShape

  /// `[rows, heads · headSize]`, and as many gates after them where attention is gated.
  var queries: MatrixView { wide.view[columns: 0..<shape.queryColumns] }
  /// `[rows, channels]`: queries, keys and values of a recurrence.
  var mixed: MatrixView { wide.view[columns: 0..<(shape.recurrence?.rule.channels ?? 0)] }
  /// `[rows, heads · headSize]`: the output of attention.
  var attended: MatrixView { result.view[columns: 0..<shape.querySize] }
  /// `[rows, valueHeads · valueSize]`: the gates of a recurrence's output.
  var gates: MatrixView { result.view[columns: 0..<(shape.recurrence?.rule.valueColumns ?? 0)] }

  /// - Parameter rowsAtOnce: rows that the MLP computes at a time.
  init(
    rows: Int, _ shape: TextShape, rowsAtOnce: Int = ThreadTeam.maxRowsAtOnce
  ) throws(Failure) {
    self.shape = shape
    let columns = Self.columns(shape)
    normalized = try Matrix(rows: rows, columns: shape.hiddenSize)
    wide = try Matrix(rows: rows, columns: columns.wide)
    keys = try Matrix(rows: rows, columns: shape.keySize)
    values = try Matrix(rows: rows, columns: shape.keySize)
    result = try Matrix(rows: rows, columns: columns.result)
    decay = try Matrix(rows: rows, columns: columns.gates)
    rate = try Matrix(rows: rows, columns: columns.gates)
    inner = try MLPBuffers(
      rows: rows, size: shape.intermediateSize, hasGate: true, rowsAtOnce: rowsAtOnce)
  }

  /// Memory that the buffers take for this many rows.
  static func bytes(
    rows: Int, _ shape: TextShape, rowsAtOnce: Int = ThreadTeam.maxRowsAtOnce
  ) -> Int {
    let columns = columns(shape)
    return Matrix.bytes(rows: rows, columns: shape.hiddenSize)
      + Matrix.bytes(rows: rows, columns: columns.wide)
      + Matrix.bytes(rows: rows, columns: columns.result)
      + 2 * Matrix.bytes(rows: rows, columns: columns.gates)
      + 2 * Matrix.bytes(rows: rows, columns: shape.keySize)
      + MLPBuffers.bytes(
        rows: rows, size: shape.intermediateSize, hasGate: true, rowsAtOnce: rowsAtOnce)
  }

  private static func columns(_ shape: TextShape) -> (wide: Int, result: Int, gates: Int) {
    let rule = shape.recurrence?.rule
    return (
      max(shape.queryColumns, rule?.channels ?? 0), max(shape.querySize, rule?.valueColumns ?? 0),
      rule?.valueHeads ?? 0
    )
  }
}
