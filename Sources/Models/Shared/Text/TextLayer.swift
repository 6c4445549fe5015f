import Compute
import Diagnostics

/// One layer of a language model: norm, attention or a recurrence, norm, gated MLP, with a residual around
/// each half (HF `Qwen2DecoderLayer`, `Qwen3DecoderLayer`, `LlamaDecoderLayer`, `Qwen3_5DecoderLayer`).
package struct TextLayer: Sendable {
  /// What lets the rows of a prompt know of each other.
  enum Mixer: Sendable {
    case attention(TextAttention)
    case recurrence(DeltaNet)
  }

  let mixerNorm: RMSNorm
  let mixer: Mixer
  let mlpNorm: RMSNorm
  let mlp: MLP

  /// The differences between families whose layers have these tensor names.
  package struct Choices: Sendable {
    /// The epsilon of the norms.
    package var epsilon: Float
    /// Whether the products for queries, keys and values have biases.
    package var hasBiases: Bool
    /// Whether the queries and keys of each head are normalized.
    package var hasHeadNorms: Bool
    /// What is added to the stored scales of norms: 1 where they are stored around 0.
    package var normOffset: Float

    /// Choices from their parts.
    package init(epsilon: Float, hasBiases: Bool, hasHeadNorms: Bool, normOffset: Float = 0) {
      self.epsilon = epsilon
      self.hasBiases = hasBiases
      self.hasHeadNorms = hasHeadNorms
      self.normOffset = normOffset
    }

    /// A norm of this family.
    func norm(
      _ name: String, size: Int, from source: any WeightSource
    ) throws(Failure) -> RMSNorm {
      let stored = try source.rmsNorm(name, size: size, epsilon: epsilon)
      guard normOffset != 0 else { return stored }
      return RMSNorm(weight: stored.weight.map { $0 + normOffset }, epsilon: epsilon)
    }
  }

  /// Whether the layer is attention.
  var isAttention: Bool {
    if case .attention = mixer { true } else { false }
  }

  /// All matrix products of the layer over many rows.
  var products: [Linear] {
    switch mixer {
    case .attention(let attention): attention.products + mlp.products
    case .recurrence(let net): net.products + mlp.products
    }
  }

  /// Loads the layer of this number whose tensor names start with `name`, in the Hugging Face layout.
  ///
  /// - Throws: `modelUnusable` where a tensor is missing or has another shape.
  package init(
    _ name: String, _ index: Int, _ shape: TextShape, _ choices: Choices,
    from source: any WeightSource
  ) throws(Failure) {
    let hidden = shape.hiddenSize
    func linear(_ part: String, _ inputs: Int, _ outputs: Int) throws(Failure) -> Linear {
      try source.linear(name + part, inputs: inputs, outputs: outputs, bias: false)
    }
    mixerNorm = try choices.norm(name + "input_layernorm", size: hidden, from: source)
    if let rule = shape.rule(of: index) {
      mixer = .recurrence(
        try DeltaNet(
          name + "linear_attn.", rule, hiddenSize: hidden, epsilon: choices.epsilon, from: source))
    } else {
      mixer = .attention(try TextAttention(name + "self_attn.", shape, choices, from: source))
    }
    mlpNorm = try choices.norm(name + "post_attention_layernorm", size: hidden, from: source)
    mlp = .gated(
      gate: try linear("mlp.gate_proj", hidden, shape.intermediateSize),
      up: try linear("mlp.up_proj", hidden, shape.intermediateSize),
      down: try linear("mlp.down_proj", shape.intermediateSize, hidden))
  }

  /// The normalized rows that attention or the recurrence reads; `[rows, hidden]` each.
  func normalize(_ x: MatrixView, _ buffers: TextBuffers, threads: ThreadTeam) -> MatrixView {
    let normalized = buffers.normalized[rows: 0..<x.rows]
    mixerNorm.apply(x, to: normalized, threads: threads)
    return normalized
  }

  /// `x += mlp(norm(x))`.
  func finish(_ x: MatrixView, _ buffers: TextBuffers, threads: ThreadTeam) throws(Failure) {
    let normalized = buffers.normalized[rows: 0..<x.rows]
    mlpNorm.apply(x, to: normalized, threads: threads)
    try mlp.add(normalized, buffers: buffers.inner, to: x, threads: threads)
  }
}
