import Compute
import Diagnostics

extension VisionEncoder {
  /// SigLIP (HF `SiglipVisionModel`), whose features are the last layer's output without the final norm, and
  /// the projector (HF `LlavaOnevisionMultiModalProjector`), which makes one token of every patch.
  ///
  /// - Throws: `modelUnusable` where a tensor is missing or of another shape.
  init(
    llava configuration: LlavaConfiguration, _ files: LlavaFiles, options: ModelOptions,
    from source: any WeightSource
  ) throws(Failure) {
    let (vision, shape) = (configuration.vision, configuration.shape.vision)
    let embeddings = LlavaNames.vision + "embeddings."
    var blocks: [VisionBlock] = []
    for index in 0..<shape.depth {
      blocks.append(
        try VisionBlock(
          siglip: "\(LlavaNames.vision)encoder.layers.\(index).", vision,
          from: source.block(index, of: shape.depth)))
    }
    self.init(
      shape,
      extractor: PatchExtractor(shape, mean: files.mean, deviation: files.deviation),
      patchEmbedding: try source.patchEmbedding(
        embeddings + "patch_embedding", shape, kernel: [3, shape.patchSize, shape.patchSize],
        bias: true),
      positions: LearnedPositions(
        table: try source.weights(
          embeddings + "position_embedding.weight",
          shape: [vision.side * vision.side, shape.hiddenSize]),
        side: vision.side, hiddenSize: shape.hiddenSize),
      rotary: nil, blocks: blocks,
      merger: PatchMerger(
        norm: nil, over: .patches,
        expand: try source.linear(
          LlavaNames.projector + "linear_1", inputs: shape.hiddenSize, outputs: shape.mergerSize,
          bias: true),
        contract: try source.linear(
          LlavaNames.projector + "linear_2", inputs: shape.mergerSize, outputs: shape.outputSize,
          bias: true),
        groupSize: shape.groupSize),
      options: options)
  }
}

extension VisionBlock {
  /// A layer (HF `SiglipEncoderLayer`).
  fileprivate init(
    siglip name: String, _ vision: LlavaConfiguration.Vision, from source: any WeightSource
  ) throws(Failure) {
    let (hidden, inner) = (vision.hiddenSize, vision.intermediateSize)
    func norm(_ part: String) throws(Failure) -> Norm {
      .layer(try source.layerNorm(name + part, size: hidden, epsilon: vision.epsilon))
    }
    func linear(_ part: String, _ inputs: Int, _ outputs: Int) throws(Failure) -> Linear {
      try source.linear(name + part, inputs: inputs, outputs: outputs, bias: true)
    }
    self.init(
      attentionNorm: try norm("layer_norm1"),
      queryKeyValue: [
        try linear("self_attn.q_proj", hidden, hidden),
        try linear("self_attn.k_proj", hidden, hidden),
        try linear("self_attn.v_proj", hidden, hidden),
      ],
      projection: try linear("self_attn.out_proj", hidden, hidden),
      mlpNorm: try norm("layer_norm2"),
      mlp: .plain(
        expand: try linear("mlp.fc1", hidden, inner), activation: .geluTanh,
        contract: try linear("mlp.fc2", inner, hidden)))
  }
}
