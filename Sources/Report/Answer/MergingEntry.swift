import Engine
import Merging

extension AnswerDocument {
  /// Token merging, as asked for and as done.
  public struct MergingEntry: Sendable, Codable {
    let profile: MergeProfile
    let asked: Asked
    let done: Done

    /// The parameters under the authors' names.
    struct Asked: Sendable, Codable {
      let enable_illava_vit: Bool
      let illava_vit_k: String?
      let illava_vit_r: Double
      let illava_vit_mode: Int
      /// How groups were chosen; none stands for the profile's own way.
      let illava_vit_score: VisionChoice?
      let enable_illava_llm: Bool
      let illava_llm_k: String?
      let illava_llm_r: Double
      let illava_llm_mode: Int
      /// How tokens were chosen in the LLM; none stands for the profile's own way.
      let illava_llm_score: TextChoice?
      /// Tokens that the ViT was to leave at least; none stands for the profile's own number.
      let illava_vit_min: Int?
      let merge_seed: UInt64
    }

    /// The layers that merged, in order.
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
      /// Visual tokens of all segments after it.
      let tokens_after: Int
      /// Visual tokens of each segment after it.
      let segments_after: [Int]
    }

    init(asked: MergeParameters, answer: Answer) {
      profile = asked.profile
      self.asked = Asked(
        enable_illava_vit: asked.visionEnabled, illava_vit_k: asked.visionLayers?.text,
        illava_vit_r: asked.visionRetention.value, illava_vit_mode: asked.visionMode.rawValue,
        illava_vit_score: asked.visionChoice,
        enable_illava_llm: asked.textEnabled, illava_llm_k: asked.textLayers?.text,
        illava_llm_r: asked.textRetention.value, illava_llm_mode: asked.textMode.rawValue,
        illava_llm_score: asked.textChoice, illava_vit_min: asked.visionMinTokens,
        merge_seed: asked.seed)
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
