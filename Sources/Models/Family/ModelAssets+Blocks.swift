import Diagnostics
import Media
import Tokenizer

extension ModelAssets {
  /// The assets of a model that consists of the shared image encoder and the shared language model.
  ///
  /// An answer ends where `generation_config.json` says; where it says nothing, at the end of a turn.
  ///
  /// - Throws: `model.config`.
  init(
    _ files: ModelFiles, tokenizer: Tokenizer, sampling: FrameSampling, weights: MeasuredWeights,
    vision: VisionEncoder, text: TextModel
  ) throws(Failure) {
    let stopTokens = try files.stopTokens()
    self.init(
      tokenizer: tokenizer,
      stopTokens: stopTokens.isEmpty
        ? Set([tokenizer.id(ofSpecial: "<|im_end|>")].compactMap(\.self)) : stopTokens,
      sampling: sampling,
      weights: weights.account(
        vision: vision.products, text: text.products, bytesPerToken: text.bytesPerToken,
        cacheType: text.cacheType),
      notes: files.notes)
  }
}
