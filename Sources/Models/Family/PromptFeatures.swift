import Diagnostics
import Options

/// What a family's prompts can do besides the usual.
public struct PromptFeatures: Sendable, Equatable {
  /// Whether the model may think before it answers, between `<think>` and `</think>`.
  public var hasThoughts = false
  /// Whether a video may have markers around all of its frames.
  public var hasOuterMarkers = false

  /// Features from their parts.
  package init(hasThoughts: Bool = false, hasOuterMarkers: Bool = false) {
    self.hasThoughts = hasThoughts
    self.hasOuterMarkers = hasOuterMarkers
  }

  /// Refuses choices that ask for something the family does not have.
  ///
  /// - Throws: `prompt.thinking`, `prompt.video-markers`.
  public func check(_ choices: PromptChoices) throws(Failure) {
    if choices.thinking == .on, !hasThoughts {
      throw Failure(
        .usage, code: .promptThinking, "models of this family do not think before they answer",
        remedy: "Leave --thinking away, or give auto or off.")
    }
    if choices.videoMarkers == .outer, !hasOuterMarkers {
      throw Failure(
        .usage, code: .promptVideoMarkers,
        "prompts of this family have no outer markers around a video",
        remedy: "Leave --video-markers away, or give inner.")
    }
  }
}
