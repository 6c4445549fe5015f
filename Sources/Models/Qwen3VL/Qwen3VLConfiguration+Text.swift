extension Qwen3VLConfiguration {
  /// The configuration of the language model (HF `Qwen3VLTextConfig`).
  package struct Text: LanguageSizes, Sendable, Decodable {
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
    /// The number of frequencies for time, height and width, interleaved (M-RoPE).
    package let ropeSections: [Int]
    /// The epsilon of the norms.
    package let epsilon: Float
    /// The longest sequence the model was made for.
    package let maxPositions: Int

    private let activation: String
    private let hasAttentionBias: Bool
    private let ropeType: String
    private let ropeIsInterleaved: Bool

    private enum CodingKeys: String, CodingKey {
      case hiddenSize = "hidden_size"
      case intermediateSize = "intermediate_size"
      case layers = "num_hidden_layers"
      case heads = "num_attention_heads"
      case keyValueHeads = "num_key_value_heads"
      case headSize = "head_dim"
      case vocabularySize = "vocab_size"
      case ropeTheta = "rope_theta"
      case ropeScaling = "rope_scaling"
      case ropeParameters = "rope_parameters"
      case epsilon = "rms_norm_eps"
      case maxPositions = "max_position_embeddings"
      case activation = "hidden_act"
      case attentionBias = "attention_bias"
    }

    private struct Rope: Decodable {
      let rope_type: String?
      let rope_theta: Float?
      let mrope_section: [Int]?
      let mrope_interleaved: Bool?
    }

    /// Reads both formats: Transformers 4 writes `rope_scaling`, Transformers 5 `rope_parameters`.
    package init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      hiddenSize = try values.decode(Int.self, forKey: .hiddenSize)
      intermediateSize = try values.decode(Int.self, forKey: .intermediateSize)
      layers = try values.decode(Int.self, forKey: .layers)
      heads = try values.decode(Int.self, forKey: .heads)
      keyValueHeads = try values.decodeIfPresent(Int.self, forKey: .keyValueHeads) ?? heads
      headSize =
        try values.decodeIfPresent(Int.self, forKey: .headSize)
        ?? (heads > 0 ? hiddenSize / heads : 0)
      vocabularySize = try values.decode(Int.self, forKey: .vocabularySize)
      let rope =
        try values.decodeIfPresent(Rope.self, forKey: .ropeParameters)
        ?? values.decodeIfPresent(Rope.self, forKey: .ropeScaling)
      ropeTheta =
        try rope?.rope_theta ?? values.decodeIfPresent(Float.self, forKey: .ropeTheta) ?? 5_000_000
      ropeSections = rope?.mrope_section ?? [24, 20, 20]
      ropeType = rope?.rope_type ?? "default"
      ropeIsInterleaved = rope?.mrope_interleaved ?? true
      epsilon = try values.decodeIfPresent(Float.self, forKey: .epsilon) ?? 1e-6
      maxPositions = try values.decodeIfPresent(Int.self, forKey: .maxPositions) ?? 262_144
      activation = try values.decodeIfPresent(String.self, forKey: .activation) ?? "silu"
      hasAttentionBias = try values.decodeIfPresent(Bool.self, forKey: .attentionBias) ?? false
    }

    /// A sentence about the first invalid value; `nil` if all are valid.
    var problem: String? {
      if let problem = sizeProblem { return problem }
      if activation != "silu" { return "hidden_act “\(activation)” is not supported, only silu" }
      if hasAttentionBias { return "attention_bias is not supported" }
      if ropeType != "default" || !ropeIsInterleaved {
        return "only interleaved M-RoPE of the type “default” is supported"
      }
      if ropeSections.count != 3 || ropeSections.contains(where: { $0 < 0 || $0 > headSize })
        || ropeSections.reduce(0, +) != headSize / 2
      {
        return
          "mrope_section \(ropeSections) does not split the \(headSize / 2) frequencies of a head"
      }
      return ShapeCheck.problem(ropeTheta: ropeTheta, epsilon: epsilon)
    }
  }
}
