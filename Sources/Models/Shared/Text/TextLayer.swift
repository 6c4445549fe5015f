import Compute
import Diagnostics

/// One layer of a language model with grouped-query attention and a gated MLP (HF
/// `Qwen2DecoderLayer`, `Qwen3DecoderLayer`, `LlamaDecoderLayer`).
package struct TextLayer: Sendable {
  let attentionNorm: RMSNorm
  let query: Linear
  let key: Linear
  let value: Linear
  /// The norms of each head's queries and keys; `nil` for none.
  let headNorms: (query: RMSNorm, key: RMSNorm)?
  let output: Linear
  let mlpNorm: RMSNorm
  let mlp: MLP
  let headSize: Int

  /// The differences between families whose layers have these tensor names.
  package struct Choices: Sendable {
    /// The epsilon of the norms.
    package var epsilon: Float
    /// Whether the products for queries, keys and values have biases.
    package var hasBiases: Bool
    /// Whether the queries and keys of each head are normalized.
    package var hasHeadNorms: Bool

    /// Choices from their parts.
    package init(epsilon: Float, hasBiases: Bool, hasHeadNorms: Bool) {
      self.epsilon = epsilon
      self.hasBiases = hasBiases
      self.hasHeadNorms = hasHeadNorms
    }
  }

  /// All matrix products of the layer.
  var products: [Linear] { [query, key, value, output] + mlp.products }

  /// Loads the layer whose tensor names start with `name`, in the Hugging Face layout.
  ///
  /// - Throws: `modelUnusable` where a tensor is missing or has another shape.
  package init(
    _ name: String, _ shape: TextShape, _ choices: Choices, from source: any WeightSource
  ) throws(Failure) {
    let hidden = shape.hiddenSize
    func norm(_ part: String, _ size: Int) throws(Failure) -> RMSNorm {
      try source.rmsNorm(name + part, size: size, epsilon: choices.epsilon)
    }
    func linear(
      _ part: String, _ inputs: Int, _ outputs: Int, bias: Bool = false
    ) throws(Failure) -> Linear {
      try source.linear(name + part, inputs: inputs, outputs: outputs, bias: bias)
    }
    attentionNorm = try norm("input_layernorm", hidden)
    query = try linear("self_attn.q_proj", hidden, shape.querySize, bias: choices.hasBiases)
    key = try linear("self_attn.k_proj", hidden, shape.keySize, bias: choices.hasBiases)
    value = try linear("self_attn.v_proj", hidden, shape.keySize, bias: choices.hasBiases)
    headNorms =
      choices.hasHeadNorms
      ? (try norm("self_attn.q_norm", shape.headSize), try norm("self_attn.k_norm", shape.headSize))
      : nil
    output = try linear("self_attn.o_proj", shape.querySize, hidden)
    mlpNorm = try norm("post_attention_layernorm", hidden)
    mlp = .gated(
      gate: try linear("mlp.gate_proj", hidden, shape.intermediateSize),
      up: try linear("mlp.up_proj", hidden, shape.intermediateSize),
      down: try linear("mlp.down_proj", shape.intermediateSize, hidden))
    headSize = shape.headSize
  }

  /// Computes queries, keys and values of every row, normalizes them per head where the layer has head
  /// norms, and rotates queries and keys.
  ///
  /// - Parameters:
  ///   - x: `[rows, hidden]`.
  ///   - buffers: receives `normalized`, `queries`, `keys` and `values`.
  ///   - rotary: the rows' angles.
  func project(
    _ x: MatrixView, _ buffers: TextBuffers, rotary: Rotary, threads: ThreadTeam
  ) throws(Failure) {
    let rows = 0..<x.rows
    let normalized = buffers.normalized[rows: rows]
    let (q, k) = (buffers.queries[rows: rows], buffers.keys[rows: rows])
    attentionNorm.apply(x, to: normalized, threads: threads)
    try Linear.apply(
      [(query, q), (key, k), (value, buffers.values[rows: rows])], normalized, threads: threads)
    let queryHeads = query.outputs / headSize
    let keyHeads = key.outputs / headSize
    threads.forEachRun(of: x.rows, size: 16) { run in
      for row in run {
        headNorms?.query.applyInPlace(q.row(row), count: queryHeads)
        headNorms?.key.applyInPlace(k.row(row), count: keyHeads)
        rotary.rotate(q.row(row), heads: queryHeads, row: row)
        rotary.rotate(k.row(row), heads: keyHeads, row: row)
      }
    }
  }

  /// `x += output(attended)`, then `x += mlp(norm(x))`.
  func finish(_ x: MatrixView, _ buffers: TextBuffers, threads: ThreadTeam) throws(Failure) {
    try output.apply(
      buffers.attended[rows: 0..<x.rows], to: x, accumulate: true, threads: threads)
    let normalized = buffers.normalized[rows: 0..<x.rows]
    mlpNorm.apply(x, to: normalized, threads: threads)
    try mlp.add(normalized, buffers: buffers.inner, to: x, threads: threads)
  }
}
