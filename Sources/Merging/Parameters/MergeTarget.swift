import Options

/// What merging has to know about a model: how deep it is, and where its family merges.
public struct MergeTarget: Sendable, Equatable {
  /// Layers that were chosen for a model of some depth.
  public struct Layers: Sendable, Equatable {
    /// The layers, ascending.
    public let layers: [Int]
    /// The depth of the model they were chosen for.
    public let depth: Int

    /// Layers from their parts.
    public init(_ layers: [Int], of depth: Int) {
      self.layers = layers
      self.depth = depth
    }
  }

  /// Where a family merges unless somebody chooses.
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

  /// How far the authors' published code goes with a family.
  public enum Published: Sendable, Equatable {
    /// It has none for this family.
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
  /// Where to merge unless somebody chooses.
  public let defaults: Defaults
  /// What the profile `published` can do.
  public let published: Published

  /// A target from its parts.
  public init(visionDepth: Int, textDepth: Int, defaults: Defaults, published: Published) {
    self.visionDepth = visionDepth
    self.textDepth = textDepth
    self.defaults = defaults
    self.published = published
  }
}
