/// The numbers that describe a model: all that planning, merging and reports know of it.
public struct ModelShape: Sendable, Equatable {
  /// The image encoder.
  public var vision: VisionShape
  /// The language model.
  public var text: TextShape

  /// A shape from its parts.
  public init(vision: VisionShape, text: TextShape) {
    self.vision = vision
    self.text = text
  }

  /// Pixels along the side of what becomes one visual token.
  public var tokenSide: Int { vision.patchSize * vision.mergeSize }
}
