import Options

@preconcurrency import Glibc

/// Merging settled for one model: layers that exist, and what was said on the way.
public struct ResolvedMerging: Sendable, Equatable {
  /// The reading of the method.
  public let profile: MergeProfile
  /// Merging inside the ViT.
  public var vision: MergeStage
  /// Merging inside the LLM.
  public var text: MergeStage
  /// How groups are chosen in the ViT; `published` has its own way.
  public var visionChoice: VisionChoice
  /// How tokens are chosen in the LLM.
  public var textChoice: TextChoice
  /// How many visual tokens of a question the ViT leaves at least.
  public var visionMinTokens: Int
  /// Where the random numbers of the choices by chance start.
  public var seed: UInt64
  /// What differs from the published settings, in words.
  public var notes: [String]

  /// Merging from its parts.
  public init(
    profile: MergeProfile, vision: MergeStage, text: MergeStage,
    visionChoice: VisionChoice = .attention, textChoice: TextChoice = .attention,
    visionMinTokens: Int = 0, seed: UInt64 = 0, notes: [String]
  ) {
    self.profile = profile
    self.vision = vision
    self.text = text
    self.visionChoice = visionChoice
    self.textChoice = textChoice
    self.visionMinTokens = visionMinTokens
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

  /// The share of the visual tokens that is left after all merging layers of both stages.
  public var compoundRetention: Double { vision.compoundRetention * text.compoundRetention }

  /// The same for a question of so many visual tokens, of which the ViT leaves `visionMinTokens`.
  public func sparing(of tokens: Int) -> ResolvedMerging {
    guard case .share = vision.retention, !vision.layers.isEmpty, tokens > 0,
      vision.compoundRetention * Double(tokens) < Double(visionMinTokens)
    else { return self }
    var result = self
    if tokens > visionMinTokens {
      // Every layer keeps r with r^layers = least / tokens.
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

  /// Visual tokens of one segment that are left in the end, where groups are the rows.
  ///
  /// - Parameter groups: groups it is cut into.
  public func tokensLeft(of groups: Int) -> Int {
    let afterVision = vision.layers.reduce(groups) { left, _ in vision.kept(of: left) }
    return text.layers.reduce(afterVision) { left, _ in text.kept(of: left) }
  }
}
