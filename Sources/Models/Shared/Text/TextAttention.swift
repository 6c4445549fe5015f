import Compute
import Diagnostics

/// The products around grouped-query attention in a text layer (HF `Qwen2Attention`, `Qwen3Attention`,
/// `LlamaAttention`, `Qwen3_5Attention`).
struct TextAttention: Sendable {
  let query: Linear
  let key: Linear
  let value: Linear
  /// The norms of each head's queries and keys; `nil` for none.
  let headNorms: (query: RMSNorm, key: RMSNorm)?
  let output: Linear
  let headSize: Int
  /// Whether the product for queries also gives a gate for each element of the output: after the queries
  /// of each head, those of its gates.
  let hasGate: Bool

  var products: [Linear] { [query, key, value, output] }

  init(
    _ name: String, _ shape: TextShape, _ choices: TextLayer.Choices, from source: any WeightSource
  ) throws(Failure) {
    let hidden = shape.hiddenSize
    func linear(_ part: String, _ outputs: Int) throws(Failure) -> Linear {
      try source.linear(name + part, inputs: hidden, outputs: outputs, bias: choices.hasBiases)
    }
    query = try linear("q_proj", shape.queryColumns)
    key = try linear("k_proj", shape.keySize)
    value = try linear("v_proj", shape.keySize)
    headNorms =
      choices.hasHeadNorms
      ? (
        try choices.norm(name + "q_norm", size: shape.headSize, from: source),
        try choices.norm(name + "k_norm", size: shape.headSize, from: source)
      ) : nil
    output = try source.linear(
      name + "o_proj", inputs: shape.querySize, outputs: hidden, bias: false)
    headSize = shape.headSize
    hasGate = shape.hasAttentionGate
  }

  /// Computes queries, keys and values of every row, normalizes them per head where the layer has head
  /// norms, and rotates queries and keys.
  ///
  /// - Parameters:
  ///   - normalized: `[rows, hidden]`.
  ///   - buffers: receives `queries`, `keys` and `values`.
  ///   - rotary: the rows' angles.
  func project(
    _ normalized: MatrixView, _ buffers: TextBuffers, rotary: Rotary, threads: ThreadTeam
  ) throws(Failure) {
    let rows = 0..<normalized.rows
    let (q, k) = (buffers.queries[rows: rows], buffers.keys[rows: rows])
    try Linear.apply(
      [(query, q), (key, k), (value, buffers.values[rows: rows])], normalized, threads: threads)
    let queryHeads = output.inputs / headSize
    let keyHeads = key.outputs / headSize
    threads.forEachRun(of: rows.count, size: 16) { run in
      for row in run {
        if hasGate { sortGates(q.row(row), heads: queryHeads) }
        headNorms?.query.applyInPlace(q.row(row), count: queryHeads)
        headNorms?.key.applyInPlace(k.row(row), count: keyHeads)
        rotary.rotate(q.row(row), heads: queryHeads, headSize: headSize, row: row)
        rotary.rotate(k.row(row), heads: keyHeads, headSize: headSize, row: row)
      }
    }
  }

  /// Turns queries and gates that alternate head by head into all queries, then all gates.
  private func sortGates(_ row: UnsafeMutablePointer<Float>, heads: Int) {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: heads * headSize) { gates in
      guard let gates = gates.baseAddress else { return }
      for head in 0..<heads {
        let pair = row + 2 * head * headSize
        (gates + head * headSize).update(from: pair + headSize, count: headSize)
        if head > 0 { (row + head * headSize).update(from: pair, count: headSize) }
      }
      (row + heads * headSize).update(from: gates, count: heads * headSize)
    }
  }

  /// `x += output(attended)`, or `x += output(attended · sigmoid(gates))`.
  func finish(_ x: MatrixView, _ buffers: TextBuffers, threads: ThreadTeam) throws(Failure) {
    let rows = 0..<x.rows
    let attended = buffers.attended[rows: rows]
    if hasGate {
      let gates = buffers.queries[rows: rows][columns: output.inputs..<2 * output.inputs]
      Activation.multiply(attended, bySigmoidOf: gates, threads: threads)
    }
    try output.apply(attended, to: x, accumulate: true, threads: threads)
  }
}
