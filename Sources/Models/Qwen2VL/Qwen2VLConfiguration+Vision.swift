import Compute

extension Qwen2VLConfiguration {
  /// The configuration of the image encoder (HF `Qwen2VLVisionConfig`, `Qwen2_5_VLVisionConfig`).
  package struct Vision: Sendable {
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
    /// Pixels along the side of a window, and the blocks that have none; `nil` for Qwen2-VL.
    private let windowSize: Int?
    private let wholeBlocks: [Int]
    /// Positions in time per second; `nil` where pairs of frames are counted.
    package let tokensPerSecond: Double?

    private let channels: Int
    private let activation: String
    private let version: Version

    /// The keys as they stand in the file. Qwen2-VL calls the width of the encoder `embed_dim` and that of
    /// the language model `hidden_size`.
    struct Keys: Decodable {
      let depth: Int?
      let embed_dim: Int?
      let hidden_size: Int
      let intermediate_size: Int?
      let mlp_ratio: Double?
      let num_heads: Int?
      let patch_size: Int?
      let temporal_patch_size: Int?
      let spatial_merge_size: Int?
      let out_hidden_size: Int?
      let window_size: Int?
      let fullatt_block_indexes: [Int]?
      let tokens_per_second: Double?
      let in_channels: Int?
      let in_chans: Int?
      let hidden_act: String?
    }

    /// Takes the keys, with the defaults of Transformers for optional ones.
    init(_ keys: Keys, _ version: Version) {
      self.version = version
      depth = keys.depth ?? 32
      heads = keys.num_heads ?? 16
      patchSize = keys.patch_size ?? 14
      temporalPatchSize = keys.temporal_patch_size ?? 2
      mergeSize = keys.spatial_merge_size ?? 2
      // Published files have the second, and Transformers writes the first beside it.
      channels = keys.in_channels ?? keys.in_chans ?? 3
      switch version {
      case .qwen2:
        hiddenSize = keys.embed_dim ?? 1280
        outputSize = keys.hidden_size
        let inner = Double(hiddenSize) * (keys.mlp_ratio ?? 4)
        intermediateSize = inner >= 1 && inner < Double(Int32.max) ? Int(inner) : 0
        windowSize = nil
        wholeBlocks = []
        tokensPerSecond = nil
        activation = keys.hidden_act ?? Activation.geluQuick.rawValue
      case .qwen25:
        hiddenSize = keys.hidden_size
        outputSize = keys.out_hidden_size ?? 3584
        intermediateSize = keys.intermediate_size ?? 3420
        windowSize = keys.window_size ?? 112
        wholeBlocks = keys.fullatt_block_indexes ?? [7, 15, 23, 31]
        tokensPerSecond = keys.tokens_per_second ?? 4
        activation = keys.hidden_act ?? Activation.silu.rawValue
      }
    }

    /// The windows of attention; `nil` for Qwen2-VL.
    var windows: VisionWindows? {
      windowSize.map {
        VisionWindows(side: $0 / mergeSize / patchSize, wholeLayers: Set(wholeBlocks))
      }
    }
    /// The activation function of an MLP without a gate.
    var mlpActivation: Activation { Activation(rawValue: activation) ?? .geluQuick }

    /// A sentence about the first invalid value; `nil` if all are valid.
    var problem: String? {
      let sizes = [
        ("depth", depth), ("the width of a patch", hiddenSize),
        ("the width of the MLP", intermediateSize), ("num_heads", heads), ("patch_size", patchSize),
        ("temporal_patch_size", temporalPatchSize), ("spatial_merge_size", mergeSize),
        ("the width of a token", outputSize), ("window_size", windowSize ?? 1),
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
        return "a width of \(hiddenSize) does not split into \(heads) heads of a multiple of 4"
      }
      if let windowSize, windowSize < patchSize * mergeSize {
        return "window_size \(windowSize) is less than a group of \(patchSize * mergeSize) pixels"
      }
      if let tokensPerSecond, !(tokensPerSecond > 0 && tokensPerSecond <= 1000) {
        return "tokens_per_second is \(tokensPerSecond), expected a positive number up to 1000"
      }
      if Activation(rawValue: activation) == nil || version == .qwen25 && activation != "silu" {
        return "hidden_act “\(activation)” is not supported"
      }
      return nil
    }
  }
}
