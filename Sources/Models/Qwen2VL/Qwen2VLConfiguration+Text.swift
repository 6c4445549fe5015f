extension Qwen2VLConfiguration {
  /// The configuration of the language model (HF `Qwen2VLTextConfig`, `Qwen2_5_VLTextConfig`).
  package struct Text: LanguageSizes, Sendable {
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
    /// The number of frequencies for time, height and width, one section after the other (M-RoPE).
    package let ropeSections: [Int]
    /// The epsilon of the norms.
    package let epsilon: Float
    /// The longest sequence the model was made for.
    package let maxPositions: Int

    private let activation: String
    private let slidesWindow: Bool
    private let ropeType: String

    /// The keys as they stand in the file, at its top or in `text_config`.
    struct Keys: Decodable {
      let hidden_size: Int?
      let intermediate_size: Int?
      let num_hidden_layers: Int?
      let num_attention_heads: Int?
      let num_key_value_heads: Int?
      let head_dim: Int?
      let vocab_size: Int?
      let rope_theta: Float?
      let rope_scaling: Rope?
      let rope_parameters: Rope?
      let rms_norm_eps: Float?
      let max_position_embeddings: Int?
      let hidden_act: String?
      let use_sliding_window: Bool?
      let tie_word_embeddings: Bool?

      struct Rope: Decodable {
        let type: String?
        let rope_type: String?
        let rope_theta: Float?
        let mrope_section: [Int]?
      }
    }

    private struct Name: CodingKey {
      let stringValue: String
      let intValue: Int? = nil

      init(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }

    /// Takes the keys of `text_config`, and those at the top of the file that it lacks.
    ///
    /// - Parameter nested: the keys of `text_config`; `nil` where there is none.
    init(nested: Keys?, flat: Keys) throws {
      func optional<Value>(_ key: KeyPath<Keys, Value?>) -> Value? {
        nested?[keyPath: key] ?? flat[keyPath: key]
      }
      func required(_ key: KeyPath<Keys, Int?>, _ name: String) throws -> Int {
        guard let value = optional(key) else {
          throw DecodingError.keyNotFound(
            Name(stringValue: name), DecodingError.Context(codingPath: [], debugDescription: ""))
        }
        return value
      }
      hiddenSize = try required(\.hidden_size, "hidden_size")
      intermediateSize = try required(\.intermediate_size, "intermediate_size")
      layers = try required(\.num_hidden_layers, "num_hidden_layers")
      heads = try required(\.num_attention_heads, "num_attention_heads")
      keyValueHeads = optional(\.num_key_value_heads) ?? heads
      headSize = optional(\.head_dim) ?? (heads > 0 ? hiddenSize / heads : 0)
      vocabularySize = try required(\.vocab_size, "vocab_size")
      // Transformers 4 writes `rope_scaling`, Transformers 5 `rope_parameters`.
      let rope = optional(\.rope_parameters) ?? optional(\.rope_scaling)
      ropeTheta = rope?.rope_theta ?? optional(\.rope_theta) ?? 1_000_000
      ropeSections = rope?.mrope_section ?? [16, 24, 24]
      ropeType = rope?.rope_type ?? rope?.type ?? "default"
      epsilon = optional(\.rms_norm_eps) ?? 1e-6
      maxPositions = optional(\.max_position_embeddings) ?? 32_768
      activation = optional(\.hidden_act) ?? "silu"
      slidesWindow = optional(\.use_sliding_window) ?? false
    }

    /// A sentence about the first invalid value; `nil` if all are valid.
    var problem: String? {
      if let problem = sizeProblem { return problem }
      if activation != "silu" { return "hidden_act “\(activation)” is not supported, only silu" }
      if slidesWindow { return "use_sliding_window is not supported" }
      // Saving a model turns “mrope” into “default”; both mean the same.
      if !["mrope", "default"].contains(ropeType) {
        return "rope_scaling of the type “\(ropeType)” is not supported, only “mrope”"
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
