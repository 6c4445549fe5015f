import Merging

/// The numbers that describe a model: all that planning, merging and reports know about it.
public struct ModelShape: Sendable, Equatable {
  /// The image encoder.
  public var vision: VisionShape
  /// The language model.
  public var text: TextShape
  /// The layers at which its family merges by default.
  public var mergeDefaults: MergeTarget.Defaults
  /// Those for questions about videos, where they differ.
  public var videoDefaults: MergeTarget.Defaults?
  /// How far the authors' published code supports its family.
  public var published: MergeTarget.Published

  /// A shape from its parts.
  public init(
    vision: VisionShape, text: TextShape, mergeDefaults: MergeTarget.Defaults,
    videoDefaults: MergeTarget.Defaults? = nil, published: MergeTarget.Published
  ) {
    self.vision = vision
    self.text = text
    self.mergeDefaults = mergeDefaults
    self.videoDefaults = videoDefaults
    self.published = published
  }

  /// What merging needs to know about the model.
  ///
  /// - Parameter hasVideo: whether the question is about a video.
  public func mergeTarget(hasVideo: Bool = false) -> MergeTarget {
    MergeTarget(
      visionDepth: vision.depth, textDepth: text.layers,
      firstScored: text.firstAttention + 1,
      defaults: hasVideo ? videoDefaults ?? mergeDefaults : mergeDefaults, published: published)
  }

  /// Pixels along the side of one visual token.
  public var tokenSide: Int { vision.patchSize * vision.mergeSize }
}
