import Compute
import Diagnostics

extension VisionEncoder {
  /// The image encoder of Qwen2-VL (HF `Qwen2VisionTransformerPretrainedModel`: layer norms, QuickGELU)
  /// or of Qwen2.5-VL (HF `Qwen2_5_VisionTransformerPretrainedModel`: root-mean-square norms, gates,
  /// windows); both with rotary positions only, and without a bias in the patch embedding.
  ///
  /// - Throws: `modelUnusable` where a tensor is missing or of another shape.
  init(
    qwen2VL configuration: Qwen2VLConfiguration, images: ProcessorConfiguration,
    options: ModelOptions, from source: any WeightSource
  ) throws(Failure) {
    let shape = configuration.shape.vision
    var blocks: [VisionBlock] = []
    for index in 0..<shape.depth {
      blocks.append(
        try VisionBlock(
          qwen2VL: "visual.blocks.\(index).", configuration,
          from: source.block(index, of: shape.depth)))
    }
    let group = shape.hiddenSize * shape.groupSize
    self.init(
      shape,
      extractor: PatchExtractor(shape, mean: images.mean, deviation: images.deviation),
      patchEmbedding: try source.patchEmbedding(
        "visual.patch_embed.proj", shape,
        kernel: [3, shape.patchFrames, shape.patchSize, shape.patchSize], bias: false),
      positions: nil, rotary: VisionRotary(headSize: shape.headSize), blocks: blocks,
      merger: PatchMerger(
        norm: try source.norm("visual.merger.ln_q", size: shape.hiddenSize, configuration.version),
        over: .patches,
        expand: try source.linear("visual.merger.mlp.0", inputs: group, outputs: group, bias: true),
        contract: try source.linear(
          "visual.merger.mlp.2", inputs: group, outputs: shape.outputSize, bias: true),
        groupSize: shape.groupSize),
      options: options)
  }
}

extension VisionBlock {
  /// A block (HF `Qwen2VLVisionBlock`, `Qwen2_5_VLVisionBlock`).
  fileprivate init(
    qwen2VL name: String, _ configuration: Qwen2VLConfiguration, from source: any WeightSource
  ) throws(Failure) {
    let (hidden, inner) = (configuration.vision.hiddenSize, configuration.vision.intermediateSize)
    func linear(_ part: String, _ inputs: Int, _ outputs: Int) throws(Failure) -> Linear {
      try source.linear(name + part, inputs: inputs, outputs: outputs, bias: true)
    }
    let mlp: MLP =
      switch configuration.version {
      case .qwen2:
        .plain(
          expand: try linear("mlp.fc1", hidden, inner),
          activation: configuration.vision.mlpActivation,
          contract: try linear("mlp.fc2", inner, hidden))
      case .qwen25:
        .gated(
          gate: try linear("mlp.gate_proj", hidden, inner),
          up: try linear("mlp.up_proj", hidden, inner),
          down: try linear("mlp.down_proj", inner, hidden))
      }
    self.init(
      attentionNorm: try source.norm(name + "norm1", size: hidden, configuration.version),
      queryKeyValue: try linear("attn.qkv", hidden, 3 * hidden),
      projection: try linear("attn.proj", hidden, hidden),
      mlpNorm: try source.norm(name + "norm2", size: hidden, configuration.version),
      mlp: mlp)
  }
}

extension WeightSource {
  /// A norm of the image encoder: layer norm in Qwen2-VL, root-mean-square in Qwen2.5-VL.
  fileprivate func norm(
    _ name: String, size: Int, _ version: Qwen2VLConfiguration.Version
  ) throws(Failure) -> Norm {
    switch version {
    case .qwen2: .layer(try layerNorm(name, size: size))
    case .qwen25: .rms(try rmsNorm(name, size: size, epsilon: 1e-6))
    }
  }
}
