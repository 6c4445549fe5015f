/// The configuration of a language model with plain rotary positions, as part of a `config.json` (HF
/// `Qwen2Config`, `LlamaConfig`; OpenGVLab's `InternLM2Config`).
package struct LanguageConfiguration: LanguageSizes, Sendable {
  /// The supported kinds.
  enum Model: String {
    /// Biases on queries, keys and values.
    case qwen2
    /// No biases.
    case llama
    /// Computes what Llama does; its tensors have other names, and queries, keys and values are one.
    case internlm2
  }

  /// The kind of language model.
  let model: Model
  /// Elements of a token's hidden state.
  package let hiddenSize: Int
  /// Elements inside the MLP.
  package let intermediateSize: Int
  /// Layers.
  package let layers: Int
  /// Query heads.
  package let heads: Int
  /// Key and value heads.
  package let keyValueHeads: Int
  /// Elements per head.
  package let headSize: Int
  /// Rows of the embedding.
  package let vocabularySize: Int
  /// The rotary base.
  package let ropeTheta: Float
  /// The epsilon of the norms.
  package let epsilon: Float
  /// The longest sequence the model was made for.
  package let maxPositions: Int
  /// Whether the output layer shares the embedding's weights; `nil` where the file does not say.
  package let tiesEmbeddings: Bool?

  private let activation: String
  private let unsupported: [String]
  private let ropeType: String

  /// The keys as they stand in the file.
  struct Keys: Decodable {
    let model_type: String?
    let hidden_size: Int
    let intermediate_size: Int
    let num_hidden_layers: Int
    let num_attention_heads: Int
    let num_key_value_heads: Int?
    let head_dim: Int?
    let vocab_size: Int
    let rope_theta: Float?
    let rope_scaling: Rope?
    let rope_parameters: Rope?
    let rms_norm_eps: Float?
    let max_position_embeddings: Int?
    let hidden_act: String?
    let use_sliding_window: Bool?
    let attention_bias: Bool?
    let mlp_bias: Bool?
    let bias: Bool?
    let tie_word_embeddings: Bool?

    struct Rope: Decodable {
      let type: String?
      let rope_type: String?
      let rope_theta: Float?
    }
  }

  /// Takes the keys, with the defaults of Transformers for optional ones.
  init(_ keys: Keys) {
    // `parse` has refused others.
    model = keys.model_type.flatMap(Model.init) ?? .qwen2
    hiddenSize = keys.hidden_size
    intermediateSize = keys.intermediate_size
    layers = keys.num_hidden_layers
    heads = keys.num_attention_heads
    keyValueHeads = keys.num_key_value_heads ?? heads
    headSize = keys.head_dim ?? (heads > 0 ? hiddenSize / heads : 0)
    vocabularySize = keys.vocab_size
    let rope = keys.rope_parameters ?? keys.rope_scaling
    ropeTheta = rope?.rope_theta ?? keys.rope_theta ?? 10_000
    ropeType = rope?.rope_type ?? rope?.type ?? "default"
    epsilon = keys.rms_norm_eps ?? 1e-6
    maxPositions = keys.max_position_embeddings ?? (model == .qwen2 ? 32_768 : 2048)
    tiesEmbeddings = keys.tie_word_embeddings
    activation = keys.hidden_act ?? "silu"
    let switches = [
      ("use_sliding_window", keys.use_sliding_window), ("mlp_bias", keys.mlp_bias),
      // InternLM2 has biases unless the file says otherwise.
      ("bias", keys.bias ?? (model == .internlm2)),
      ("attention_bias", model == .qwen2 ? nil : keys.attention_bias),
    ]
    unsupported = switches.filter { $0.1 == true }.map(\.0)
  }

  /// Whether the products for queries, keys and values have biases.
  var hasBiases: Bool { model == .qwen2 }

  /// A sentence about the first invalid value; `nil` if all are valid.
  var problem: String? {
    if let problem = sizeProblem { return problem }
    if activation != "silu" { return "hidden_act “\(activation)” is not supported, only silu" }
    if let name = unsupported.first { return "\(name) is not supported" }
    // “dynamic” changes nothing up to max_position_embeddings, and longer prompts are refused.
    if !["default", "dynamic"].contains(ropeType) {
      return "rope_scaling of the type “\(ropeType)” is not supported, only “dynamic”"
    }
    return ShapeCheck.problem(ropeTheta: ropeTheta, epsilon: epsilon)
  }
}
