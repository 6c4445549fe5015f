import Engine
import Merging
import Options

extension AnswerDocument {
  /// Token merging, as asked for and as done.
  public struct MergingEntry: Sendable, Codable {
    let profile: MergeProfile
    /// The parameters under the authors' names.
    let asked: QuestionOptions
    let done: Done

    /// The merging layers, in order.
    struct Done: Sendable, Codable {
      let vit_layers: [Int]
      let llm_layers: [Int]
      let steps: [Step]
    }

    /// One merging layer.
    struct Step: Sendable, Codable {
      let stage: MergePlace
      let layer: Int
      /// Visual tokens of all segments before the layer.
      let tokens_before: Int
      /// Visual tokens of all segments after the layer.
      let tokens_after: Int
      /// Visual tokens of each segment after the layer.
      let segments_after: [Int]
    }

    init(asked: MergeParameters, answer: Answer) {
      profile = asked.profile
      var options = asked.options
      options.profile = nil
      self.asked = options
      done = Done(
        vit_layers: answer.merging.vision.layers, llm_layers: answer.merging.text.layers,
        steps: answer.steps.map {
          Step(
            stage: $0.stage, layer: $0.layer, tokens_before: $0.before.reduce(0, +),
            tokens_after: $0.after.reduce(0, +), segments_after: $0.after)
        })
    }
  }
}
