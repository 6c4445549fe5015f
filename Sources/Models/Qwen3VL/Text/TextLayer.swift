import Compute
import Diagnostics

/// The weights of one layer of the language model (HF `Qwen3VLTextDecoderLayer`).
struct TextLayer: Sendable {
  let attentionNorm: RMSNorm
  let query: Linear
  let key: Linear
  let value: Linear
  let queryNorm: RMSNorm
  let keyNorm: RMSNorm
  let output: Linear
  let mlpNorm: RMSNorm
  let gate: Linear
  let up: Linear
  let down: Linear

  /// All matrix products of the layer.
  var products: [Linear] { [query, key, value, output, gate, up, down] }

  init(
    _ configuration: TextConfiguration, index: Int, from source: any WeightSource
  ) throws(Failure) {
    let name = "model.language_model.layers.\(index)."
    let hidden = configuration.hiddenSize
    let queries = configuration.heads * configuration.headSize
    let keys = configuration.keyValueHeads * configuration.headSize
    let inner = configuration.intermediateSize
    func norm(_ part: String, _ size: Int) throws(Failure) -> RMSNorm {
      RMSNorm(
        weight: try source.vector(name + part + ".weight", count: size),
        epsilon: configuration.epsilon)
    }
    func linear(_ part: String, _ inputs: Int, _ outputs: Int) throws(Failure) -> Linear {
      try source.linear(name + part, inputs: inputs, outputs: outputs, bias: false)
    }
    attentionNorm = try norm("input_layernorm", hidden)
    query = try linear("self_attn.q_proj", hidden, queries)
    key = try linear("self_attn.k_proj", hidden, keys)
    value = try linear("self_attn.v_proj", hidden, keys)
    queryNorm = try norm("self_attn.q_norm", configuration.headSize)
    keyNorm = try norm("self_attn.k_norm", configuration.headSize)
    output = try linear("self_attn.o_proj", queries, hidden)
    mlpNorm = try norm("post_attention_layernorm", hidden)
    gate = try linear("mlp.gate_proj", hidden, inner)
    up = try linear("mlp.up_proj", hidden, inner)
    down = try linear("mlp.down_proj", inner, hidden)
  }

  /// Queries, keys and values of every row, normalized per head and rotated.
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
    let queryHeads = query.outputs / queryNorm.weight.count
    let keyHeads = key.outputs / keyNorm.weight.count
    threads.forEachRun(of: x.rows, size: 16) { run in
      for row in run {
        queryNorm.applyInPlace(q.row(row), count: queryHeads)
        keyNorm.applyInPlace(k.row(row), count: keyHeads)
        rotary.rotate(q.row(row), heads: queryHeads, row: row)
        rotary.rotate(k.row(row), heads: keyHeads, row: row)
      }
    }
  }

  /// `x += output(attended)`, then `x += down(silu(gate(n)) · up(n))` with `n = norm(x)`, a run of
  /// rows at a time.
  func finish(_ x: MatrixView, _ buffers: TextBuffers, threads: ThreadTeam) throws(Failure) {
    try output.apply(
      buffers.attended[rows: 0..<x.rows], to: x, accumulate: true, threads: threads)
    let normalized = buffers.normalized[rows: 0..<x.rows]
    mlpNorm.apply(x, to: normalized, threads: threads)
    for first in stride(from: 0, to: x.rows, by: buffers.gate.rows) {
      let run = first..<min(x.rows, first + buffers.gate.rows)
      let (g, u) = (buffers.gate[rows: 0..<run.count], buffers.up[rows: 0..<run.count])
      try Linear.apply([(gate, g), (up, u)], normalized[rows: run], threads: threads)
      Activation.silu(gate: g, times: u, threads: threads)
      try down.apply(g, to: x[rows: run], accumulate: true, threads: threads)
    }
  }
}
