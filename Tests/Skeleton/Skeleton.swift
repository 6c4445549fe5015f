import Compute
import Diagnostics
import Merging
import Models

/// A model family of two layers, for tests: tiles and a thumbnail as in InternVL, root-mean-square
/// norms and gates in the image encoder, biases and plain rotary positions in the language model, no
/// DeepStack.
struct Skeleton: BlockModel {
  let shape: ModelShape
  let assets: ModelAssets

  let vision: VisionEncoder
  let text: TextModel

  private let processor: SkeletonProcessor

  init(_ files: ModelFiles, _ weights: MeasuredWeights, _ options: ModelOptions) throws(Failure) {
    let configuration = try ConfigurationFile.decode(
      SkeletonConfiguration.self, files.configuration, file: files.path)
    shape = configuration.shape
    let tokenizer = try files.tokenizer(special: SkeletonProcessor.names.map { ($0, nil) })
    processor = try SkeletonProcessor(configuration, tokenizer: tokenizer)
    vision = try Self.encoder(configuration, options, from: weights)
    text = try TextModel(
      shape.text, TextModel.Names(prefix: "language_model.model."),
      TextLayer.Choices(epsilon: 1e-6, hasBiases: true, hasHeadNorms: false),
      tiesEmbeddings: false,
      rotary: TextRotary(headSize: shape.text.headSize, base: 10_000, axes: .plain),
      options: options, from: weights)
    assets = ModelAssets(
      tokenizer: tokenizer, stopTokens: try files.stopTokens(), sampling: processor.sampling,
      weights: weights.account(
        vision: vision.products, text: text.products, bytesPerToken: text.bytesPerToken,
        cacheType: text.cacheType),
      notes: files.notes)
  }

  private static func encoder(
    _ configuration: SkeletonConfiguration, _ options: ModelOptions, from source: any WeightSource
  ) throws(Failure) -> VisionEncoder {
    let shape = configuration.shape.vision
    let (hidden, inner, name) = (shape.hiddenSize, shape.intermediateSize, "vision_tower.")
    func linear(_ part: String, _ inputs: Int, _ outputs: Int) throws(Failure) -> Linear {
      try source.linear(name + part, inputs: inputs, outputs: outputs, bias: true)
    }
    func norm(_ part: String, _ size: Int) throws(Failure) -> Norm {
      .rms(try source.rmsNorm(name + part, size: size, epsilon: 1e-6))
    }
    var blocks: [VisionBlock] = []
    for index in 0..<shape.depth {
      let layer = "layers.\(index)."
      blocks.append(
        VisionBlock(
          attentionNorm: try norm(layer + "norm1", hidden),
          queryKeyValue: try linear(layer + "qkv", hidden, 3 * hidden),
          projection: try linear(layer + "projection", hidden, hidden),
          mlpNorm: try norm(layer + "norm2", hidden),
          mlp: .gated(
            gate: try linear(layer + "gate", hidden, inner),
            up: try linear(layer + "up", hidden, inner),
            down: try linear(layer + "down", inner, hidden))))
    }
    let group = hidden * shape.groupSize
    let side = configuration.tile / shape.patchSize
    return VisionEncoder(
      shape,
      extractor: PatchExtractor(shape, mean: [0.4, 0.5, 0.6], deviation: [0.2, 0.3, 0.4]),
      patchEmbedding: try source.patchEmbedding(
        name + "patches", shape, kernel: [3, shape.patchSize, shape.patchSize], bias: true),
      positions: LearnedPositions(
        table: try source.weights(name + "positions", shape: [side * side, hidden]), side: side,
        hiddenSize: hidden),
      rotary: nil, blocks: blocks,
      merger: PatchMerger(
        norm: try norm("merger.norm", group), over: .groups,
        expand: try linear("merger.expand", group, group),
        contract: try linear("merger.contract", group, shape.outputSize),
        groupSize: shape.groupSize),
      options: options)
  }

  func layout(of media: MediaShape, maxPixels: Int?) throws(Failure) -> MediaLayout {
    processor.layout(of: media, maxPixels: maxPixels)
  }

  func prompt(_ question: Question) throws(Failure) -> Prompt { try processor.prompt(question) }
}
