/// Merging settled for one model: layers that exist, and what was said on the way.
public struct ResolvedMerging: Sendable, Equatable {
  /// The reading of the method.
  public let profile: MergeProfile
  /// Merging inside the ViT.
  public var vision: MergeStage
  /// Merging inside the LLM.
  public var text: MergeStage
  /// The constants of mode 3.
  public let recycling: MergePlan.Recycling
  /// What differs from the published settings, in words.
  public let notes: [String]

  /// Merging from its parts.
  public init(
    profile: MergeProfile, vision: MergeStage, text: MergeStage,
    recycling: MergePlan.Recycling, notes: [String]
  ) {
    self.profile = profile
    self.vision = vision
    self.text = text
    self.recycling = recycling
    self.notes = notes
  }
}
