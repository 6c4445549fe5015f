import Diagnostics
import Grounding
import Media
import Tokenizer

extension ModelAssets {
  /// The assets of a model that consists of the shared image encoder and the shared language model.
  ///
  /// An answer ends where `generation_config.json` says; where it says nothing, at the end of a turn.
  ///
  /// - Parameters:
  ///   - otherStopTokens: tokens that end an answer whatever that file says.
  ///   - promptFeatures: what the family's prompts can do besides the usual.
  ///   - boxCoordinates: what the numbers of boxes in its answers count, if it was made to write any.
  /// - Throws: `model.config`.
  init(
    _ files: ModelFiles, tokenizer: Tokenizer, sampling: FrameSampling, weights: MeasuredWeights,
    vision: VisionEncoder, text: TextModel, otherStopTokens: Set<Int32> = [],
    promptFeatures: PromptFeatures = PromptFeatures(), boxCoordinates: BoxCoordinates?
  ) throws(Failure) {
    let stopTokens = try files.stopTokens().union(otherStopTokens)
    self.init(
      tokenizer: tokenizer,
      stopTokens: stopTokens.isEmpty
        ? Set([tokenizer.id(ofSpecial: "<|im_end|>")].compactMap(\.self)) : stopTokens,
      sampling: sampling,
      weights: weights.account(
        vision: vision.products, text: text.products, bytesPerToken: text.bytesPerToken,
        cacheType: text.cacheType),
      promptFeatures: promptFeatures, boxCoordinates: boxCoordinates, notes: files.notes)
  }
}
