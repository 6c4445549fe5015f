/// What a question takes to compute: tokens along the way, and operations of the stages.
public struct WorkLoad: Sendable, Equatable {
  /// Tokens of the prompt with every visual token there would be unmerged.
  public var promptTokens = 0
  /// Visual tokens among them.
  public var visualTokens = 0
  /// Visual tokens the image encoder hands over.
  public var visualTokensAfterVision = 0
  /// Visual tokens after the last merging layer.
  public var visualTokensLeft = 0
  /// Floating-point operations of the image encoder's products and attention.
  public var visionOperations = 0.0
  /// Floating-point operations of the prompt's products and attention.
  public var prefillOperations = 0.0
  /// Bytes of weights and of keys and values that a token in the middle of the answer reads.
  public var bytesPerToken = 0

  /// Nothing.
  public init() {}
}
