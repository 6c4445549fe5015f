import Compute

extension Qwen35Configuration {
  /// The configuration of the language model (HF `Qwen3_5TextConfig`).
  package struct Text: LanguageSizes, Sendable, Decodable {
    /// Elements of a token's hidden state.
    package let hiddenSize: Int
    /// Elements inside the MLP.
    package let intermediateSize: Int
    /// Layers.
    package let layers: Int
    /// Query heads of attention.
    package let heads: Int
    /// Key and value heads of attention.
    package let keyValueHeads: Int
    /// Elements per head of attention.
    package let headSize: Int
    /// Rows of the embedding.
    package let vocabularySize: Int
    /// The rotary base.
    package let ropeTheta: Float
    /// The number of frequencies for time, height and width, interleaved (M-RoPE).
    package let ropeSections: [Int]
    /// Elements at the beginning of a head that rotate.
    package let rotarySize: Int
    /// The epsilon of the norms.
    package let epsilon: Float
    /// The longest sequence the model was made for.
    package let maxPositions: Int
    /// The sizes of a Gated DeltaNet.
    package let rule: DeltaRule
    /// The layers that are a Gated DeltaNet.
    package let linearLayers: Set<Int>
    /// Whether the output layer shares the embedding's weights; `nil` where the file does not say.
    package let tiesEmbeddings: Bool?
    /// The tokens that end an answer.
    package let stopTokens: Set<Int32>

    private let layerTypes: [String]
    private let activation: String
    private let hasAttentionBias: Bool
    private let ropeType: String
    private let ropeIsInterleaved: Bool
    private let rotaryShare: Double

    private struct Keys: Decodable {
      let hidden_size: Int
      let intermediate_size: Int
      let num_hidden_layers: Int
      let num_attention_heads: Int
      let num_key_value_heads: Int?
      let head_dim: Int?
      let vocab_size: Int
      let rope_theta: Float?
      let partial_rotary_factor: Double?
      let rope_scaling: Rope?
      let rope_parameters: Rope?
      let rms_norm_eps: Float?
      let max_position_embeddings: Int?
      let hidden_act: String?
      let attention_bias: Bool?
      let tie_word_embeddings: Bool?
      let layer_types: [String]?
      let full_attention_interval: Int?
      let linear_conv_kernel_dim: Int?
      let linear_key_head_dim: Int?
      let linear_value_head_dim: Int?
      let linear_num_key_heads: Int?
      let linear_num_value_heads: Int?

      struct Rope: Decodable {
        let rope_type: String?
        let rope_theta: Float?
        let partial_rotary_factor: Double?
        let mrope_section: [Int]?
        let mrope_interleaved: Bool?
      }
    }

    /// Decodes, with the defaults of Transformers for optional keys.
    package init(from decoder: any Decoder) throws {
      let keys = try Keys(from: decoder)
      hiddenSize = keys.hidden_size
      intermediateSize = keys.intermediate_size
      layers = keys.num_hidden_layers
      heads = keys.num_attention_heads
      keyValueHeads = keys.num_key_value_heads ?? heads
      headSize = keys.head_dim ?? 256
      vocabularySize = keys.vocab_size
      let rope = keys.rope_parameters ?? keys.rope_scaling
      ropeTheta = rope?.rope_theta ?? keys.rope_theta ?? 10_000_000
      ropeSections = rope?.mrope_section ?? [11, 11, 10]
      ropeType = rope?.rope_type ?? "default"
      ropeIsInterleaved = rope?.mrope_interleaved ?? true
      rotaryShare = rope?.partial_rotary_factor ?? keys.partial_rotary_factor ?? 0.25
      rotarySize =
        rotaryShare > 0 && rotaryShare <= 1 && (0..<ShapeCheck.largest).contains(headSize)
        ? Int(Double(headSize) * rotaryShare) : 0
      epsilon = keys.rms_norm_eps ?? 1e-6
      maxPositions = keys.max_position_embeddings ?? 262_144
      activation = keys.hidden_act ?? "silu"
      hasAttentionBias = keys.attention_bias ?? false
      tiesEmbeddings = keys.tie_word_embeddings
      stopTokens = try StopTokens.File(from: decoder).ids
      rule = DeltaRule(
        keyHeads: keys.linear_num_key_heads ?? 16, valueHeads: keys.linear_num_value_heads ?? 32,
        keySize: keys.linear_key_head_dim ?? 128, valueSize: keys.linear_value_head_dim ?? 128,
        taps: keys.linear_conv_kernel_dim ?? 4)
      let types =
        keys.layer_types ?? Self.types(layers: layers, interval: keys.full_attention_interval ?? 4)
      layerTypes = types
      linearLayers = Set(types.indices.filter { Self.linearTypes.contains(types[$0]) })
    }

    private static let fullTypes = ["full_attention", "attention"]
    private static let linearTypes = ["linear_attention", "mamba", "conv"]

    /// The types of layers that are not listed: the last one of every interval is attention.
    private static func types(layers: Int, interval: Int) -> [String] {
      guard (1...ShapeCheck.largest).contains(layers), interval > 0 else { return [] }
      return (1...layers).map { $0.isMultiple(of: interval) ? fullTypes[0] : linearTypes[0] }
    }

    /// A sentence about the first invalid value; `nil` if all are valid.
    var problem: String? {
      if let problem = sizeProblem { return problem }
      if activation != "silu" { return "hidden_act “\(activation)” is not supported, only silu" }
      if hasAttentionBias { return "attention_bias is not supported" }
      if let problem = layerProblem { return problem }
      if ropeType != "default" || !ropeIsInterleaved {
        return "only interleaved M-RoPE of the type “default” is supported"
      }
      if rotarySize < 2 || !rotarySize.isMultiple(of: 2) {
        return "partial_rotary_factor \(rotaryShare) does not rotate an even number of elements"
      }
      if ropeSections.count != 3 || ropeSections.contains(where: { $0 < 0 || $0 > headSize })
        || ropeSections.reduce(0, +) != rotarySize / 2
      {
        return
          "mrope_section \(ropeSections) does not split the \(rotarySize / 2) frequencies of a head"
      }
      if !(ropeTheta > 0) || !(epsilon > 0) {
        return "rope_theta and rms_norm_eps must be positive"
      }
      return nil
    }

    private var layerProblem: String? {
      let sizes = [
        ("linear_num_key_heads", rule.keyHeads), ("linear_num_value_heads", rule.valueHeads),
        ("linear_key_head_dim", rule.keySize), ("linear_value_head_dim", rule.valueSize),
        ("linear_conv_kernel_dim", rule.taps),
      ]
      if let problem = ShapeCheck.problem(sizes) { return problem }
      if rule.taps > DeltaRule.maxTaps {
        return "linear_conv_kernel_dim is \(rule.taps), expected 1 to \(DeltaRule.maxTaps)"
      }
      if !rule.valueHeads.isMultiple(of: rule.keyHeads) {
        return "linear_num_value_heads \(rule.valueHeads) is not a multiple of "
          + "linear_num_key_heads \(rule.keyHeads)"
      }
      let known = Self.fullTypes + Self.linearTypes
      if let type = layerTypes.first(where: { !known.contains($0) }) {
        return "layer_types has “\(type)”, which is not supported"
      }
      if !layerTypes.isEmpty, linearLayers.count == layerTypes.count {
        return "layer_types has no layer of attention"
      }
      return layerTypes.count == layers
        ? nil
        : "layer_types or full_attention_interval gives \(layerTypes.count) of \(layers) layers"
    }
  }
}
