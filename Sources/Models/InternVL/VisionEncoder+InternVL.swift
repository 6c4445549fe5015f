import Compute
import Diagnostics

extension VisionEncoder {
  /// InternViT (HF `InternVLVisionModel`): a class token, learned positions, layer scale, and in the large
  /// one norms of queries and keys; the projector makes one token of 2 × 2 patches (HF
  /// `InternVLMultiModalProjector`).
  ///
  /// - Throws: `modelUnusable` where a tensor is missing or of another shape.
  init(
    internVL configuration: InternVLConfiguration, _ files: InternVLFiles,
    options: ModelOptions, from source: any WeightSource
  ) throws(Failure) {
    let (vision, shape) = (configuration.vision, configuration.shape.vision)
    let names = InternVLNames(configuration.layout)
    let hidden = shape.hiddenSize
    var blocks: [VisionBlock] = []
    for index in 0..<shape.depth {
      blocks.append(
        try VisionBlock(
          internVL: "\(names.layers)\(index).", names, vision,
          from: source.block(index, of: shape.depth)))
    }
    let patches = vision.side * vision.side
    let positions = try source.weights(names.positions, shape: [1, patches + 1, hidden])
    let token = try source.weights(names.classToken, shape: [1, 1, hidden]).floats
    let group = hidden * shape.groupSize
    self.init(
      shape,
      extractor: PatchExtractor(shape, mean: files.mean, deviation: files.deviation),
      patchEmbedding: try source.patchEmbedding(
        names.patches, shape, kernel: [3, shape.patchSize, shape.patchSize], bias: true),
      // The first row is the class token's.
      positions: LearnedPositions(
        table: WeightStorage(
          shape: [patches, hidden], elementType: positions.elementType,
          base: positions.base + hidden * positions.elementType.size, owner: positions.owner),
        side: vision.side, hiddenSize: hidden),
      classToken: ClassToken(token: token, position: Array(positions.floats.prefix(hidden))),
      rotary: nil, blocks: blocks,
      merger: PatchMerger(
        norm: .layer(try source.layerNorm(names.projector.norm, size: group, epsilon: 1e-5)),
        over: .groups,
        expand: try source.linear(
          names.projector.expand, inputs: group, outputs: shape.mergerSize, bias: true),
        contract: try source.linear(
          names.projector.contract, inputs: shape.mergerSize, outputs: shape.outputSize,
          bias: true),
        groupSize: shape.groupSize),
      options: options)
  }
}

extension VisionBlock {
  /// A layer (HF `InternVLVisionLayer`).
  fileprivate init(
    internVL name: String, _ names: InternVLNames, _ vision: InternVLConfiguration.Vision,
    from source: any WeightSource
  ) throws(Failure) {
    let (hidden, inner) = (vision.hiddenSize, vision.intermediateSize)
    func norm(_ part: String) throws(Failure) -> Norm {
      vision.hasRMSNorms
        ? .rms(try source.rmsNorm(name + part, size: hidden, epsilon: vision.epsilon))
        : .layer(try source.layerNorm(name + part, size: hidden, epsilon: vision.epsilon))
    }
    func linear(
      _ part: String, _ inputs: Int, _ outputs: Int, bias: Bool = true
    ) throws(Failure) -> Linear {
      try source.linear(name + part, inputs: inputs, outputs: outputs, bias: bias)
    }
    var queryKeyValue: [Linear] = []
    for part in names.queryKeyValue {
      queryKeyValue.append(
        try linear(part, hidden, 3 * hidden / names.queryKeyValue.count, bias: vision.hasBiases))
    }
    self.init(
      attentionNorm: try norm(names.attentionNorm),
      queryKeyValue: queryKeyValue,
      queryKeyNorms: vision.hasQueryKeyNorms
        ? (
          try source.rmsNorm(name + names.queryNorm, size: hidden, epsilon: 1e-6),
          try source.rmsNorm(name + names.keyNorm, size: hidden, epsilon: 1e-6)
        ) : nil,
      projection: try linear(names.projection, hidden, hidden),
      attentionScale: LayerScale(try source.vector(name + names.attentionScale, count: hidden)),
      mlpNorm: try norm(names.mlpNorm),
      mlp: .plain(
        expand: try linear("mlp.fc1", hidden, inner), activation: .gelu,
        contract: try linear("mlp.fc2", inner, hidden)),
      mlpScale: LayerScale(try source.vector(name + names.mlpScale, count: hidden)))
  }
}
