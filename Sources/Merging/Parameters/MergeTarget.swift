import Options

/// What merging needs to know about a model: its depth, and the default layers of its family.
public struct MergeTarget: Sendable, Equatable {
  /// Layers that were chosen for a model of a certain depth.
  public struct Layers: Sendable, Equatable {
    /// The layers, ascending.
    public let layers: [Int]
    /// The depth of the model they were chosen for.
    public let depth: Int
    /// Whether a model of another depth merges at the same fractions of it; if not, at the same layers as
    /// long as it has them.
    public let isScaled: Bool

    /// Layers from their parts.
    public init(_ layers: [Int], of depth: Int, isScaled: Bool = false) {
      self.layers = layers
      self.depth = depth
      self.isScaled = isScaled
    }
  }

  /// The layers at which a family merges by default.
  public struct Defaults: Sendable, Equatable {
    /// In the ViT, as published by the authors.
    public var vision: Layers
    /// In the ViT, for the profile `tuned`.
    public var tunedVision: Layers
    /// In the language model.
    public var text: Layers

    /// Defaults from their parts.
    public init(vision: Layers, tunedVision: Layers, text: Layers) {
      self.vision = vision
      self.tunedVision = tunedVision
      self.text = text
    }

    func vision(of profile: MergeProfile) -> Layers { profile == .tuned ? tunedVision : vision }
  }

  /// How far the authors' published code supports a family.
  public enum Published: Sendable, Equatable {
    /// The authors published no code for this family.
    case none
    /// It merges at any layer of the ViT.
    case anywhere
    /// It cannot merge after this layer of the ViT, whose features go to the language model.
    case upTo(layer: Int)
  }

  /// Layers of the ViT.
  public let visionDepth: Int
  /// Layers of the language model.
  public let textDepth: Int
  /// The first layer of the language model that an attention before it can give scores to.
  public let firstScored: Int
  /// The default merging layers.
  public let defaults: Defaults
  /// What the profile `published` supports.
  public let published: Published

  /// A target from its parts.
  public init(
    visionDepth: Int, textDepth: Int, firstScored: Int = 1, defaults: Defaults,
    published: Published
  ) {
    self.firstScored = firstScored
    self.visionDepth = visionDepth
    self.textDepth = textDepth
    self.defaults = defaults
    self.published = published
  }
}
