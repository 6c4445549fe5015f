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
  /// What a group's score is, where patches are scored.
  public var groupScore: GroupScore
  /// How tokens are chosen in the LLM.
  public var textChoice: TextChoice
  /// How many visual tokens of a question are left at least.
  public var leastTokens: Int
  /// Where the random numbers of the choices by chance start.
  public var seed: UInt64
  /// The constants of mode 3.
  public let recycling: MergePlan.Recycling
  /// What differs from the published settings, in words.
  public var notes: [String]

  /// Merging from its parts.
  public init(
    profile: MergeProfile, vision: MergeStage, text: MergeStage,
    visionChoice: VisionChoice = .attention, groupScore: GroupScore = .mean,
    textChoice: TextChoice = .attention, leastTokens: Int = 0, seed: UInt64 = 0,
    recycling: MergePlan.Recycling, notes: [String]
  ) {
    self.profile = profile
    self.vision = vision
    self.text = text
    self.visionChoice = visionChoice
    self.groupScore = groupScore
    self.textChoice = textChoice
    self.leastTokens = leastTokens
    self.seed = seed
    self.recycling = recycling
    self.notes = notes
  }

  /// What a merging ViT layer's attention has to tell about patches, if anything.
  public var visionScore: ScoreKind? {
    profile == .published ? .logSumExp : visionChoice.selection.patchScore
  }

  /// What the attention before a merging text layer has to tell about tokens, if anything.
  public var textScore: ScoreKind? {
    switch textChoice {
    case .attention: profile.textScore
    case .question: .question
    case .distinct, .random: nil
    }
  }

  /// The share of the visual tokens that is left after all merging layers of both stages.
  public var compoundRetention: Double { vision.compoundRetention * text.compoundRetention }

  /// The same with another compound share: every layer's is raised to the same power, so that the stages
  /// keep their parts of the work. With nothing to merge no layer does; rows removed by number stay.
  ///
  /// - Parameter share: the share of the visual tokens to be left, above 0.
  public func keeping(_ share: Double) -> ResolvedMerging {
    var result = self
    guard share < 1 else {
      result.vision.layers = []
      result.text.layers = []
      return result
    }
    let own = compoundRetention
    guard share > 0, own > 0, own < 1 else { return self }
    let exponent = log(share) / log(own)
    if case .share(let layer) = vision.retention {
      result.vision.retention = .share(pow(layer, exponent))
    }
    if case .share(let layer) = text.retention {
      result.text.retention = .share(pow(layer, exponent))
    }
    return result
  }

  /// The same for a question of so many visual tokens, of which `leastTokens` are to be left.
  public func sparing(of tokens: Int) -> ResolvedMerging {
    let isByShare = [vision, text].allSatisfy {
      if case .share = $0.retention { true } else { $0.layers.isEmpty }
    }
    guard tokens > 0, isByShare, compoundRetention < 1,
      compoundRetention * Double(tokens) < Double(leastTokens)
    else { return self }
    var result = keeping(Double(leastTokens) / Double(tokens))
    if tokens <= leastTokens {
      result.notes.append(
        "\(tokens) visual tokens are too few to merge: \(leastTokens) are left at least")
    }
    return result
  }

  /// Visual tokens of one segment that are left in the end, where groups are the rows.
  ///
  /// - Parameter groups: groups it is cut into.
  public func tokensLeft(of groups: Int) -> Int {
    let afterVision = vision.layers.reduce(groups) { left, _ in
      vision.retention.keptInVision(of: left)
    }
    return text.layers.reduce(afterVision) { left, _ in text.retention.keptInText(of: left) }
  }
}
