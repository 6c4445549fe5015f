import Compute

extension Qwen3VLConfiguration {
  /// The configuration of the image encoder (HF `Qwen3VLVisionConfig`).
  package struct Vision: Sendable, Decodable {
    /// Blocks.
    package let depth: Int
    /// Elements of a patch's hidden state.
    package let hiddenSize: Int
    /// Elements inside the MLP.
    package let intermediateSize: Int
    /// Attention heads.
    package let heads: Int
    /// Pixels along a patch's side.
    package let patchSize: Int
    /// Frames in a patch.
    package let temporalPatchSize: Int
    /// Patches along a group's side.
    package let mergeSize: Int
    /// Elements of a merged token: the text model's hidden size.
    package let outputSize: Int
    /// Rows of the learned position embedding; a square number.
    package let positions: Int
    /// Blocks after which DeepStack features are taken, ascending.
    package let deepStackLayers: [Int]

    private let channels: Int
    private let activation: String

    private enum CodingKeys: String, CodingKey {
      case depth
      case hiddenSize = "hidden_size"
      case intermediateSize = "intermediate_size"
      case heads = "num_heads"
      case patchSize = "patch_size"
      case temporalPatchSize = "temporal_patch_size"
      case mergeSize = "spatial_merge_size"
      case outputSize = "out_hidden_size"
      case positions = "num_position_embeddings"
      case deepStackLayers = "deepstack_visual_indexes"
      case channels = "in_channels"
      case activation = "hidden_act"
    }

    /// Decodes, with the published models' values as defaults for optional keys.
    package init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      depth = try values.decode(Int.self, forKey: .depth)
      hiddenSize = try values.decode(Int.self, forKey: .hiddenSize)
      intermediateSize = try values.decode(Int.self, forKey: .intermediateSize)
      heads = try values.decode(Int.self, forKey: .heads)
      patchSize = try values.decodeIfPresent(Int.self, forKey: .patchSize) ?? 16
      temporalPatchSize = try values.decodeIfPresent(Int.self, forKey: .temporalPatchSize) ?? 2
      mergeSize = try values.decodeIfPresent(Int.self, forKey: .mergeSize) ?? 2
      outputSize = try values.decode(Int.self, forKey: .outputSize)
      positions = try values.decodeIfPresent(Int.self, forKey: .positions) ?? 2304
      deepStackLayers = try values.decodeIfPresent([Int].self, forKey: .deepStackLayers) ?? []
      channels = try values.decodeIfPresent(Int.self, forKey: .channels) ?? 3
      activation =
        try values.decodeIfPresent(String.self, forKey: .activation) ?? Activation.geluTanh.rawValue
    }

    /// Rows along a side of the learned position embedding.
    package var positionSide: Int { Int(Double(positions).squareRoot().rounded()) }
    /// The MLP's activation function.
    package var mlpActivation: Activation { Activation(rawValue: activation) ?? .geluTanh }

    /// The encoder's numbers.
    var shape: VisionShape {
      VisionShape(
        depth: depth, hiddenSize: hiddenSize, intermediateSize: intermediateSize, heads: heads,
        patchSize: patchSize, patchFrames: temporalPatchSize, mergeSize: mergeSize,
        outputSize: outputSize, featureLayers: deepStackLayers)
    }

    /// A sentence about the first invalid value; `nil` if all are valid.
    var problem: String? {
      let sizes = [
        ("depth", depth), ("hidden_size", hiddenSize), ("intermediate_size", intermediateSize),
        ("num_heads", heads), ("patch_size", patchSize), ("temporal_patch_size", temporalPatchSize),
        ("spatial_merge_size", mergeSize), ("out_hidden_size", outputSize),
        ("num_position_embeddings", positions),
      ]
      if let problem = ShapeCheck.problem(sizes) { return problem }
      // A patch has a few dozen pixels a side and a few frames: more would overflow the sizes computed
      // below.
      if patchSize > 256 || temporalPatchSize > 64 || mergeSize > 16 {
        return
          "patches of \(patchSize) pixels, \(temporalPatchSize) frames and groups of \(mergeSize) "
          + "are out of bounds"
      }
      if channels != 3 { return "in_channels is \(channels), expected 3" }
      if !hiddenSize.isMultiple(of: heads * 4) {
        return "hidden_size \(hiddenSize) does not split into \(heads) heads of a multiple of 4"
      }
      if positionSide * positionSide != positions {
        return "num_position_embeddings \(positions) is not a square number"
      }
      if Activation(rawValue: activation) == nil {
        return "hidden_act “\(activation)” is not supported"
      }
      let ascending = zip(deepStackLayers, deepStackLayers.dropFirst()).allSatisfy(<)
      if !ascending || deepStackLayers.contains(where: { $0 < 0 || $0 >= depth }) {
        return "deepstack_visual_indexes \(deepStackLayers) are not ascending layers below \(depth)"
      }
      return nil
    }
  }
}
