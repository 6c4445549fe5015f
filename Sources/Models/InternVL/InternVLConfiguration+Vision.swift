extension InternVLConfiguration {
  /// The configuration of the image encoder (HF `InternVLVisionConfig`, OpenGVLab's
  /// `InternVisionConfig`).
  package struct Vision: Sendable {
    /// Layers.
    package let depth: Int
    /// Elements of a patch's hidden state.
    package let hiddenSize: Int
    /// Elements inside the MLP.
    package let intermediateSize: Int
    /// Attention heads.
    package let heads: Int
    /// Pixels along a tile's side.
    package let tileSize: Int
    /// Pixels along a patch's side.
    package let patchSize: Int
    /// Whether the products for queries, keys and values have biases.
    package let hasBiases: Bool
    /// Whether whole queries and keys are normalized.
    package let hasQueryKeyNorms: Bool
    /// Whether norms are root-mean-square norms; if not, layer norms.
    package let hasRMSNorms: Bool
    /// The epsilon of the layers' norms.
    package let epsilon: Float

    private let normType: String
    private let channels: Int
    private let activation: String
    private let hasPositions: Bool
    private let hasFinalNorm: Bool

    /// Patches along a group's side: the pixel shuffle's 2 × 2.
    static let mergeSize = 2

    /// The keys as they stand in the file; the two layouts name two of them differently.
    struct Keys: Decodable {
      let hidden_size: Int?
      let intermediate_size: Int?
      let num_hidden_layers: Int?
      let num_attention_heads: Int?
      let image_size: SquareSize?
      let patch_size: SquareSize?
      let num_channels: Int?
      let hidden_act: String?
      let layer_norm_eps: Float?
      let norm_type: String?
      let attention_bias: Bool?
      let qkv_bias: Bool?
      let use_qk_norm: Bool?
      let qk_normalization: Bool?
      let use_absolute_position_embeddings: Bool?
      let use_mean_pooling: Bool?
    }

    /// Takes the keys, with the defaults of the layout's own code for optional ones.
    init(_ keys: Keys, _ layout: Layout) {
      let isOriginal = layout == .original
      hiddenSize = keys.hidden_size ?? (isOriginal ? 3200 : 1024)
      intermediateSize = keys.intermediate_size ?? (isOriginal ? 12_800 : 4096)
      depth = keys.num_hidden_layers ?? (isOriginal ? 48 : 24)
      heads = keys.num_attention_heads ?? (isOriginal ? 25 : 16)
      tileSize = (keys.image_size ?? SquareSize(side: isOriginal ? 224 : 448)).side
      patchSize = (keys.patch_size ?? SquareSize(side: 14)).side
      channels = keys.num_channels ?? 3
      activation = keys.hidden_act ?? "gelu"
      epsilon = keys.layer_norm_eps ?? 1e-6
      normType = keys.norm_type ?? (isOriginal ? "rms_norm" : "layer_norm")
      hasRMSNorms = normType == "rms_norm"
      hasBiases = (isOriginal ? keys.qkv_bias : keys.attention_bias) ?? false
      hasQueryKeyNorms = (isOriginal ? keys.qk_normalization : keys.use_qk_norm) ?? isOriginal
      hasPositions = keys.use_absolute_position_embeddings ?? true
      hasFinalNorm = keys.use_mean_pooling == false
    }

    /// Patches along a tile's side.
    var side: Int { tileSize / patchSize }
    /// Visual tokens of a tile.
    var tokensPerTile: Int { (side / Self.mergeSize) * (side / Self.mergeSize) }

    /// A sentence about the first invalid value; `nil` if all are valid.
    var problem: String? {
      let sizes = [
        ("num_hidden_layers", depth), ("hidden_size", hiddenSize),
        ("intermediate_size", intermediateSize), ("num_attention_heads", heads),
      ]
      if let problem = ShapeCheck.problem(sizes) { return problem }
      // Tiles have 448 pixels a side and patches 14: more would overflow the sizes computed below.
      if !(1...256).contains(patchSize) || !(1...8192).contains(tileSize) {
        return "image_size or patch_size is not that of a square of 1 to 8192 or 1 to 256 pixels"
      }
      if !tileSize.isMultiple(of: patchSize * Self.mergeSize) {
        return "image_size \(tileSize) is not a multiple of two patches of \(patchSize) pixels"
      }
      if channels != 3 { return "num_channels is \(channels), expected 3" }
      if !hiddenSize.isMultiple(of: heads) {
        return "hidden_size \(hiddenSize) does not split into \(heads) heads"
      }
      if !["layer_norm", "rms_norm"].contains(normType) {
        return "norm_type “\(normType)” is not supported, only layer_norm and rms_norm"
      }
      if activation != "gelu" { return "hidden_act “\(activation)” is not supported, only gelu" }
      if !hasPositions { return "use_absolute_position_embeddings false is not supported" }
      if hasFinalNorm { return "use_mean_pooling false is not supported" }
      if let problem = ShapeCheck.problem(epsilon: epsilon, "layer_norm_eps") { return problem }
      return nil
    }
  }
}
