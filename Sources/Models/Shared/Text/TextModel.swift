import Compute
import Diagnostics
import Merging

/// A language model: embedding, layers, norm and output layer.
package struct TextModel: Sendable {
  let shape: TextShape
  /// `[vocabulary, hidden]`.
  let embedding: LayerWeights
  let layers: [TextLayer]
  let norm: RMSNorm
  let output: Linear
  package let rotary: TextRotary
  package let cacheType: ElementType
  let roundsAttention: Bool

  /// The names of the tensors outside the layers.
  package struct Names: Sendable {
    /// The prefix of the names of embedding, layers and norm, such as `model.language_model.`.
    package var prefix: String
    /// The output layer's matrix.
    package var output: String

    /// Names behind a prefix.
    package init(prefix: String, output: String = "lm_head.weight") {
      self.prefix = prefix
      self.output = output
    }
  }

  /// Loads the model whose tensors are named as in the Hugging Face layout.
  ///
  /// - Parameter tiesEmbeddings: whether the output layer shares the embedding's weights.
  /// - Throws: `modelUnusable` where a tensor is missing or of another shape.
  package init(
    _ shape: TextShape, _ names: Names, _ choices: TextLayer.Choices, tiesEmbeddings: Bool,
    rotary: TextRotary, options: ModelOptions, from source: any WeightSource
  ) throws(Failure) {
    self.shape = shape
    self.rotary = rotary
    cacheType = options.cacheType
    roundsAttention = options.roundsAttention
    let (tokens, hidden) = (shape.vocabularySize, shape.hiddenSize)
    let name = names.prefix + "embed_tokens.weight"
    // Rows of an untied embedding are only looked up, so it stays in the file.
    embedding =
      tiesEmbeddings
      ? try source.exactMatrix(name, outputs: tokens, inputs: hidden)
      : try source.table(name, outputs: tokens, inputs: hidden)
    var layers: [TextLayer] = []
    for index in 0..<shape.layers {
      layers.append(
        try TextLayer("\(names.prefix)layers.\(index).", index, shape, choices, from: source))
    }
    self.layers = layers
    norm = try choices.norm(names.prefix + "norm", size: hidden, from: source)
    output = Linear(
      weights: tiesEmbeddings
        ? embedding : try source.exactMatrix(names.output, outputs: tokens, inputs: hidden))
  }

  /// One product of each shape over many rows: those of the first layer of each kind.
  package var products: [Linear] {
    let kinds = [layers.first { $0.isAttention }, layers.first { !$0.isAttention }]
    return kinds.compactMap(\.self).flatMap(\.products)
  }

  /// Bytes of all products and of the output layer.
  package var bytesPerToken: Int {
    (layers.flatMap(\.products) + [output]).reduce(0) { $0 + $1.weights.byteCount }
  }

  var attention: Attention {
    var attention = Attention(
      heads: shape.heads, keyValueHeads: shape.keyValueHeads, headSize: shape.headSize,
      causal: true)
    attention.mayRound = roundsAttention
    return attention
  }

  /// Reads a question whose images and videos have been encoded (prefill).
  ///
  /// - Throws: `outOfMemory`, or what the observer's check throws.
  package func read(
    _ encoded: EncodedQuestion, _ options: ReadingOptions, threads: ThreadTeam,
    observer: ComputeObserver
  ) throws(Failure) -> any Decoding {
    var pass = try PrefillPass(self, encoded, options, threads: threads)
    let (memories, logits) = try pass.run(observer: observer)
    return try TextDecoder(
      self, encoded.prompt, memories: memories, beginning: pass.beginning, logits: logits,
      steps: pass.steps, survivors: pass.survivors)
  }

  /// The logits that follow the last of `x`'s rows, `[vocabulary]`.
  func logits(after x: MatrixView, threads: ThreadTeam) throws(Failure) -> [Float] {
    let normalized = try Matrix(rows: 1, columns: shape.hiddenSize)
    var logits = [Float](repeating: 0, count: shape.vocabularySize)
    try write(
      &logits, after: x[rows: x.rows - 1..<x.rows], normalized: normalized.view, threads: threads)
    return logits
  }

  /// Computes the logits that follow one row, `[vocabulary]`; `[1, hidden]` holds its normalized row.
  func write(
    _ logits: inout [Float], after row: MatrixView, normalized: MatrixView, threads: ThreadTeam
  ) throws(Failure) {
    norm.apply(row, to: normalized, threads: threads)
    try logits.withUnsafeMutableBufferPointer { logits throws(Failure) in
      guard let base = logits.baseAddress else { return }
      let view = MatrixView(base: base, rows: 1, columns: logits.count, stride: logits.count)
      try output.apply(normalized, to: view, threads: threads)
    }
  }
}
