extension LlavaConfiguration {
  /// The configuration of the image encoder (HF `SiglipVisionConfig`).
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
    /// The epsilon of the norms.
    package let epsilon: Float

    private let modelType: String
    private let channels: Int
    private let activation: String

    /// The keys as they stand in the file.
    struct Keys: Decodable {
      let model_type: String?
      let hidden_size: Int?
      let intermediate_size: Int?
      let num_hidden_layers: Int?
      let num_attention_heads: Int?
      let image_size: SquareSize?
      let patch_size: SquareSize?
      let num_channels: Int?
      let hidden_act: String?
      let layer_norm_eps: Float?
    }

    /// Takes the keys; what they do not say is as in the published models.
    init(_ keys: Keys) {
      modelType = keys.model_type ?? "siglip_vision_model"
      hiddenSize = keys.hidden_size ?? 1152
      intermediateSize = keys.intermediate_size ?? 4304
      depth = keys.num_hidden_layers ?? 26
      heads = keys.num_attention_heads ?? 16
      tileSize = (keys.image_size ?? SquareSize(side: 384)).side
      patchSize = (keys.patch_size ?? SquareSize(side: 14)).side
      channels = keys.num_channels ?? 3
      activation = keys.hidden_act ?? "gelu_pytorch_tanh"
      epsilon = keys.layer_norm_eps ?? 1e-6
    }

    /// Patches along a tile's side; pixels that are left over on the right and at the bottom are not seen.
    var side: Int { patchSize > 0 ? tileSize / patchSize : 0 }

    /// A sentence about the first invalid value; `nil` if all are valid.
    var problem: String? {
      if modelType != "siglip_vision_model" {
        return
          "an image encoder of the type “\(modelType)” is not supported, only siglip_vision_model"
      }
      let sizes = [
        ("num_hidden_layers", depth), ("hidden_size", hiddenSize),
        ("intermediate_size", intermediateSize), ("num_attention_heads", heads),
      ]
      if let problem = ShapeCheck.problem(sizes) { return problem }
      // Tiles have 384 pixels a side and patches 14: more would overflow the sizes computed below.
      if !(1...256).contains(patchSize) || !(1...2048).contains(tileSize) || tileSize < patchSize {
        return "image_size or patch_size is not that of a square of 1 to 2048 or 1 to 256 pixels"
      }
      if channels != 3 { return "num_channels is \(channels), expected 3" }
      if !hiddenSize.isMultiple(of: heads) {
        return "hidden_size \(hiddenSize) does not split into \(heads) heads"
      }
      if activation != "gelu_pytorch_tanh" {
        return "hidden_act “\(activation)” is not supported, only gelu_pytorch_tanh"
      }
      if let problem = ShapeCheck.problem(epsilon: epsilon, "layer_norm_eps") { return problem }
      return nil
    }
  }
}
