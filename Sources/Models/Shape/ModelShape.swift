import Merging

/// The numbers that describe a model: all that planning, merging and reports know about it.
public struct ModelShape: Sendable, Equatable {
  /// The image encoder.
  public var vision: VisionShape
  /// The language model.
  public var text: TextShape
  /// The layers at which its family merges by default.
  public var mergeDefaults: MergeTarget.Defaults
  /// How far the authors' published code supports its family.
  public var published: MergeTarget.Published

  /// A shape from its parts.
  public init(
    vision: VisionShape, text: TextShape, mergeDefaults: MergeTarget.Defaults,
    published: MergeTarget.Published
  ) {
    self.vision = vision
    self.text = text
    self.mergeDefaults = mergeDefaults
    self.published = published
  }

  /// What merging needs to know about the model.
  public var mergeTarget: MergeTarget {
    MergeTarget(
      visionDepth: vision.depth, textDepth: text.layers, defaults: mergeDefaults,
      published: published)
  }

  /// Pixels along the side of one visual token.
  public var tokenSide: Int { vision.patchSize * vision.mergeSize }
}
