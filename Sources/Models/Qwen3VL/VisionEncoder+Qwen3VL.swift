import Compute
import Diagnostics

extension VisionEncoder {
  /// The image encoder of Qwen3-VL (HF `Qwen3VLVisionModel`): layer norms, biases in all products,
  /// learned positions interpolated to the grid, rotary positions in attention, and DeepStack where the
  /// shape has feature layers. That of Qwen3.5 (HF `Qwen3_5VisionModel`) is the same without.
  ///
  /// - Throws: `modelUnusable` where a tensor is missing or of another shape.
  init(
    qwen3VL vision: Qwen3VLConfiguration.Vision, pictures: ProcessorConfiguration,
    options: ModelOptions, from source: any WeightSource
  ) throws(Failure) {
    let shape = vision.shape
    let name = "model.visual."
    var blocks: [VisionBlock] = []
    for index in 0..<shape.depth {
      blocks.append(
        try VisionBlock(
          qwen3VL: "\(name)blocks.\(index).", shape, activation: vision.mlpActivation,
          from: source.block(index, of: shape.depth)))
    }
    var featureMergers: [PatchMerger] = []
    for index in shape.featureLayers.indices {
      featureMergers.append(
        try PatchMerger(
          qwen3VL: "\(name)deepstack_merger_list.\(index)", shape, over: .groups, from: source))
    }
    self.init(
      shape,
      extractor: PatchExtractor(shape, mean: pictures.mean, deviation: pictures.deviation),
      patchEmbedding: try source.patchEmbedding(
        name + "patch_embed.proj", shape,
        kernel: [3, shape.patchFrames, shape.patchSize, shape.patchSize], bias: true),
      positions: LearnedPositions(
        table: try source.weights(
          name + "pos_embed.weight", shape: [vision.positions, shape.hiddenSize]),
        side: vision.positionSide, hiddenSize: shape.hiddenSize),
      rotary: VisionRotary(headSize: shape.headSize), blocks: blocks,
      merger: try PatchMerger(qwen3VL: name + "merger", shape, over: .patches, from: source),
      featureMergers: featureMergers, options: options)
  }
}

extension VisionBlock {
  /// A block of Qwen3-VL's image encoder (HF `Qwen3VLVisionBlock`).
  fileprivate init(
    qwen3VL name: String, _ shape: VisionShape, activation: Activation,
    from source: any WeightSource
  ) throws(Failure) {
    let (hidden, inner) = (shape.hiddenSize, shape.intermediateSize)
    self.init(
      attentionNorm: .layer(try source.layerNorm(name + "norm1", size: hidden)),
      queryKeyValue: try source.linear(
        name + "attn.qkv", inputs: hidden, outputs: 3 * hidden, bias: true),
      projection: try source.linear(
        name + "attn.proj", inputs: hidden, outputs: hidden, bias: true),
      mlpNorm: .layer(try source.layerNorm(name + "norm2", size: hidden)),
      mlp: .plain(
        expand: try source.linear(
          name + "mlp.linear_fc1", inputs: hidden, outputs: inner, bias: true),
        activation: activation,
        contract: try source.linear(
          name + "mlp.linear_fc2", inputs: inner, outputs: hidden, bias: true)))
  }
}

extension PatchMerger {
  /// A merger of Qwen3-VL (HF `Qwen3VLVisionPatchMerger`).
  fileprivate init(
    qwen3VL name: String, _ shape: VisionShape, over scope: Scope, from source: any WeightSource
  ) throws(Failure) {
    let group = shape.hiddenSize * shape.groupSize
    let size = scope == .groups ? group : shape.hiddenSize
    self.init(
      norm: .layer(try source.layerNorm(name + ".norm", size: size)), over: scope,
      expand: try source.linear(name + ".linear_fc1", inputs: group, outputs: group, bias: true),
      contract: try source.linear(
        name + ".linear_fc2", inputs: group, outputs: shape.outputSize, bias: true),
      groupSize: shape.groupSize)
  }
}
