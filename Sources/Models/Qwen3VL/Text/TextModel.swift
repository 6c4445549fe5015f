import Compute
import Diagnostics
import Merging

/// The language model (HF `Qwen3VLTextModel` and its output layer): its weights, and one token at a
/// time through them.
struct TextModel: Sendable {
  let configuration: TextConfiguration
  /// `[vocabulary, hidden]`.
  let embedding: LayerWeights
  let layers: [TextLayer]
  let norm: RMSNorm
  let output: Linear
  let rotary: MultimodalRotary
  let cacheType: ElementType
  let roundsAttention: Bool

  init(
    _ configuration: TextConfiguration, tiesEmbeddings: Bool, options: ModelOptions,
    from source: any WeightSource
  ) throws(Failure) {
    self.configuration = configuration
    cacheType = options.cacheType
    roundsAttention = options.roundsAttention
    let (tokens, hidden) = (configuration.vocabularySize, configuration.hiddenSize)
    let name = "model.language_model.embed_tokens.weight"
    // An embedding of its own is only gathered from, and stays in the file.
    embedding =
      tiesEmbeddings
      ? try source.matrix(name, outputs: tokens, inputs: hidden)
      : .stored(try source.weights(name, shape: [tokens, hidden]))
    var layers: [TextLayer] = []
    for index in 0..<configuration.layers {
      layers.append(try TextLayer(configuration, index: index, from: source))
    }
    self.layers = layers
    norm = RMSNorm(
      weight: try source.vector(
        "model.language_model.norm.weight", count: configuration.hiddenSize),
      epsilon: configuration.epsilon)
    output = Linear(
      weights: tiesEmbeddings
        ? embedding : try source.matrix("lm_head.weight", outputs: tokens, inputs: hidden))
    rotary = MultimodalRotary(configuration)
  }

  /// Scratch elements per thread that the widest of the products over many rows needs.
  func scratchElements(threads: Int) -> Int {
    let products = layers.prefix(1).flatMap(\.products)
    return products.map { $0.scratchElements(threads: threads) }.max() ?? 0
  }

  /// Bytes of all products and of the output layer.
  var productBytes: Int {
    (layers.flatMap(\.products) + [output]).reduce(0) { $0 + $1.weights.byteCount }
  }

  var attention: Attention {
    var attention = Attention(
      heads: configuration.heads, keyValueHeads: configuration.keyValueHeads,
      headSize: configuration.headSize, causal: true)
    attention.mayRound = roundsAttention
    return attention
  }

  /// The logits that follow the last of `x`'s rows, `[vocabulary]`.
  func logits(after x: MatrixView, threads: ThreadTeam) throws(Failure) -> [Float] {
    let normalized = try Matrix(rows: 1, columns: configuration.hiddenSize)
    var logits = [Float](repeating: 0, count: configuration.vocabularySize)
    try write(
      &logits, after: x[rows: x.rows - 1..<x.rows], normalized: normalized.view, threads: threads)
    return logits
  }

  /// Writes the logits that follow one row, `[vocabulary]`, through its norm, `[1, hidden]`.
  private func write(
    _ logits: inout [Float], after row: MatrixView, normalized: MatrixView, threads: ThreadTeam
  ) throws(Failure) {
    norm.apply(row, to: normalized, threads: threads)
    try logits.withUnsafeMutableBufferPointer { logits throws(Failure) in
      guard let base = logits.baseAddress else { return }
      let view = MatrixView(base: base, rows: 1, columns: logits.count, stride: logits.count)
      try output.apply(normalized, to: view, threads: threads)
    }
  }

  /// Takes one generated token through all layers, adds it to their caches, and leaves the logits of
  /// the token that follows in `generation`.
  ///
  /// - Throws: `compute.cache-full` past the room the caches were made with.
  func decode(
    _ token: Int32, _ generation: Generation, threads: ThreadTeam
  ) throws(Failure) {
    let buffers = generation.decodeBuffers
    let x = generation.decodeRow
    embedding.copyRow(Int(token), to: x.row(0))
    let angles = rotary.angles([TokenPosition(text: generation.nextPosition)])
    generation.nextPosition += 1
    for (layer, cache) in zip(layers, generation.caches) {
      try layer.project(x, buffers, rotary: angles, threads: threads)
      try cache.append(keys: buffers.keys.view, values: buffers.values.view)
      try attention.decode(
        query: buffers.queries.base, cache: cache, output: buffers.attended.base,
        threads: threads)
      try layer.finish(x, buffers, threads: threads)
    }
    try write(
      &generation.logits, after: x, normalized: buffers.normalized.view, threads: threads)
  }
}
