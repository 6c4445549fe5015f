import Options

@preconcurrency import Glibc

/// Merging with its layers determined for one model, and notes on how they were determined.
public struct ResolvedMerging: Sendable, Equatable {
  /// The profile: which version of the method is computed.
  public let profile: MergeProfile
  /// Merging inside the ViT.
  public var vision: MergeStage
  /// Merging inside the LLM.
  public var text: MergeStage
  /// How groups are chosen in the ViT; not used by the profile `published`, which has its own method.
  public var visionChoice: VisionChoice
  /// How tokens are chosen in the LLM.
  public var textChoice: TextChoice
  /// The least number of visual tokens that the ViT leaves of a question.
  public var visionMinTokens: Int
  /// How what stands still in a film is reused; `nil` where every frame is computed whole.
  public var films: FilmReuse?
  /// The seed of the random choices.
  public var seed: UInt64
  /// Differences from the published settings, in words.
  public var notes: [String]

  /// Merging from its parts.
  public init(
    profile: MergeProfile, vision: MergeStage, text: MergeStage,
    visionChoice: VisionChoice = .attention, textChoice: TextChoice = .attention,
    visionMinTokens: Int = 0, films: FilmReuse? = nil, seed: UInt64 = 0, notes: [String]
  ) {
    self.profile = profile
    self.vision = vision
    self.text = text
    self.visionChoice = visionChoice
    self.textChoice = textChoice
    self.visionMinTokens = visionMinTokens
    self.films = films
    self.seed = seed
    self.notes = notes
  }

  /// How groups are chosen in the ViT.
  public var visionSelection: any Selection {
    profile == .published ? AttentionSelection(attentionScore: .logSumExp) : visionChoice.selection
  }

  /// How tokens are chosen in the LLM.
  public var textSelection: any Selection {
    profile == .published ? AttentionSelection(attentionScore: .logSumExp) : textChoice.selection
  }

  /// Whether the LLM keeps other visual tokens for other questions: attention asks the question, distance
  /// and chance do not.
  public var dependsOnQuestion: Bool {
    !text.layers.isEmpty && textSelection.attentionScore != nil
  }

  /// The share of the visual tokens that is left after all merging layers of both stages.
  public var compoundRetention: Double { vision.compoundRetention * text.compoundRetention }

  /// The merging for a question of `tokens` visual tokens, with retention raised so that the ViT leaves
  /// at least `visionMinTokens` of them.
  public func sparing(of tokens: Int) -> ResolvedMerging {
    guard case .share = vision.retention, !vision.layers.isEmpty, tokens > 0,
      vision.compoundRetention * Double(tokens) < Double(visionMinTokens)
    else { return self }
    var result = self
    if tokens > visionMinTokens {
      // Every layer keeps r with r^layers = visionMinTokens / tokens.
      let share = Double(visionMinTokens) / Double(tokens)
      result.vision.retention = .share(pow(share, 1 / Double(vision.layers.count)))
    } else {
      result.vision.layers = []
      result.notes.append(
        "\(tokens) visual tokens are too few to merge inside the ViT, which leaves \(visionMinTokens) at least"
      )
    }
    return result
  }

  /// The number of visual tokens left of one segment after all layers, where the rows are groups.
  ///
  /// - Parameter groups: the groups that the segment is cut into.
  public func tokensLeft(of groups: Int) -> Int {
    let afterVision = vision.layers.reduce(groups) { left, _ in vision.kept(of: left) }
    return text.layers.reduce(afterVision) { left, _ in text.kept(of: left) }
  }
}
