import Options

extension AnswerDocument {
  /// Token merging, as asked for and as done, of the first question.
  public struct Merging: Sendable, Codable {
    /// The name of the profile.
    public let profile: String
    /// The parameters under the authors' names.
    public let asked: QuestionOptions
    /// What was done.
    public let done: Done
    /// The name of the file beside this one that says what was left of each segment; `nil` where there is
    /// none.
    public var details: String?

    /// Merging from its parts.
    public init(profile: String, asked: QuestionOptions, done: Done) {
      self.profile = profile
      self.asked = asked
      self.done = done
    }
  }

  /// The merging layers, in order.
  public struct Done: Sendable, Codable {
    /// The merging layers of the image encoder.
    public let visionLayers: [Int]
    /// The merging layers of the language model.
    public let textLayers: [Int]
    /// What each of them did.
    public let steps: [Step]
    /// What was computed of films; `nil` where every frame was computed whole.
    public var films: Films?

    private enum CodingKeys: String, CodingKey {
      case visionLayers = "vit_layers"
      case textLayers = "llm_layers"
      case steps, films
    }

    /// Layers and what they did.
    public init(visionLayers: [Int], textLayers: [Int], steps: [Step]) {
      self.visionLayers = visionLayers
      self.textLayers = textLayers
      self.steps = steps
    }
  }

  /// How much of a question's pictures and films went through the image encoder.
  public struct Films: Sendable, Codable {
    /// Groups of patches of all segments.
    public let groups: Int
    /// Those of them that were computed.
    public let computed: Int
    /// The groups that were computed for each segment, in the prompt's order.
    public let segments: [Int]

    /// Counts of all segments.
    public init(groups: Int, segments: [Int]) {
      self.groups = groups
      self.segments = segments
      computed = segments.reduce(0, +)
    }
  }

  /// One merging layer.
  public struct Step: Sendable, Codable {
    /// `vit` or `llm`.
    public let stage: String
    /// The layer, from 0.
    public let layer: Int
    /// Visual tokens of all segments before the layer.
    public let before: Int
    /// Visual tokens of all segments after the layer.
    public let after: Int

    private enum CodingKeys: String, CodingKey {
      case stage, layer
      case before = "tokens_before"
      case after = "tokens_after"
    }

    /// A layer from its parts.
    public init(stage: String, layer: Int, before: Int, after: Int) {
      self.stage = stage
      self.layer = layer
      self.before = before
      self.after = after
    }
  }

  /// Tokens after each stage, of the first question.
  public struct TokenCounts: Sendable, Codable {
    /// Tokens of the prompt, counting all visual tokens before merging.
    public let prompt: Int
    /// Visual tokens among them.
    public let visual: Int
    /// Visual tokens after the image encoder.
    public let visualAfterViT: Int
    /// Visual tokens after the last merging layer.
    public let visualLeft: Int

    private enum CodingKeys: String, CodingKey {
      case prompt, visual
      case visualAfterViT = "visual_after_vit"
      case visualLeft = "visual_left"
    }

    /// Counts from their numbers.
    public init(prompt: Int, visual: Int, visualAfterViT: Int, visualLeft: Int) {
      self.prompt = prompt
      self.visual = visual
      self.visualAfterViT = visualAfterViT
      self.visualLeft = visualLeft
    }
  }

  /// Memory in bytes.
  public struct Memory: Sendable, Codable {
    /// The memory that the process was allowed to use; `nil` where nothing limited it.
    public let budget: Int?
    /// What set that limit, in words.
    public let budgetOrigin: String?
    /// The predicted peak memory of the process.
    public let predicted: Int
    /// What was given up to fit, in order: what costs least quality comes first.
    public let adaptations: [Adaptation]
    /// The peak memory of the process, including the mapped weights that were touched.
    public let peak: Int

    private enum CodingKeys: String, CodingKey {
      case budget, predicted, adaptations, peak
      case budgetOrigin = "budget_origin"
    }

    /// Memory from its numbers.
    public init(
      budget: Int?, budgetOrigin: String?, predicted: Int, adaptations: [Adaptation], peak: Int
    ) {
      self.budget = budget
      self.budgetOrigin = budgetOrigin
      self.predicted = predicted
      self.adaptations = adaptations
      self.peak = peak
    }
  }

  /// One thing that was given up to fit into memory.
  public struct Adaptation: Sendable, Codable, Equatable {
    /// What was reduced.
    public let rung: String
    /// The share that was asked for.
    public let from: Double
    /// The share that fits.
    public let to: Double
    /// The first LLM layer that it applies to; `nil` for the whole question.
    public let layer: Int?
    /// Why it was given up during the work; `nil` for what was planned.
    public let cause: String?

    /// An adaptation from its parts.
    public init(rung: String, from: Double, to: Double, layer: Int?, cause: String?) {
      self.rung = rung
      self.from = from
      self.to = to
      self.layer = layer
      self.cause = cause
    }
  }

  /// Seconds per stage, of all questions together.
  public struct Seconds: Sendable, Codable {
    /// Opening the model.
    public let load: Double
    /// Decoding and resizing the files.
    public let media: Double
    /// The image encoder.
    public let vision: Double
    /// Reading the prompt.
    public let prefill: Double
    /// Generating all tokens.
    public let decode: Double
    /// All of it.
    public let total: Double

    /// Seconds from their numbers.
    public init(
      load: Double, media: Double, vision: Double, prefill: Double, decode: Double, total: Double
    ) {
      self.load = load
      self.media = media
      self.vision = vision
      self.prefill = prefill
      self.decode = decode
      self.total = total
    }
  }
}
