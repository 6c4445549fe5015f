import Diagnostics

extension TextModel {
  /// A language model with plain rotary positions and without norms of heads, as InternVL and
  /// LLaVA-OneVision have it (HF `Qwen2ForCausalLM`, `LlamaForCausalLM`).
  ///
  /// - Parameters:
  ///   - shape: its sizes.
  ///   - language: its part of `config.json`.
  ///   - tiesEmbeddings: what the outer part of `config.json` says of a shared output layer. It counts only
  ///     where the inner part says nothing and the files have no output layer, as in Transformers.
  ///   - hasOutput: whether the files have an output layer.
  /// - Throws: `modelUnusable` where a tensor is missing or of another shape.
  init(
    _ shape: TextShape, _ language: LanguageConfiguration, tiesEmbeddings: Bool?,
    hasOutput: Bool, options: ModelOptions, from source: any WeightSource
  ) throws(Failure) {
    try self.init(
      shape, .plain,
      TextLayer.Choices(
        epsilon: language.epsilon, hasBiases: language.hasBiases, hasHeadNorms: false),
      tiesEmbeddings: language.tiesEmbeddings ?? ((tiesEmbeddings ?? false) && !hasOutput),
      rotary: TextRotary(headSize: shape.headSize, base: language.ropeTheta, axes: .plain),
      options: options, from: source)
  }
}

extension TextModel.Names {
  /// The names in published folders of InternVL and LLaVA-OneVision.
  static let plain = TextModel.Names(
    prefix: "language_model.model.", output: "language_model.lm_head.weight")
}
