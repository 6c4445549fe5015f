/// The operations of a question by stage, and its tokens after each stage.
public struct WorkLoad: Sendable, Equatable {
  /// Tokens of the prompt, counting all visual tokens before merging.
  public var promptTokens = 0
  /// Visual tokens among them.
  public var visualTokens = 0
  /// Visual tokens after the image encoder.
  public var visualTokensAfterVision = 0
  /// Visual tokens after the last merging layer.
  public var visualTokensLeft = 0
  /// Floating-point operations of the image encoder's products and attention.
  public var visionOperations = 0.0
  /// Floating-point operations of the prompt's products and attention.
  public var prefillOperations = 0.0
  /// Bytes of weights and KV cache that a token in the middle of the answer reads.
  public var bytesPerToken = 0

  /// All numbers zero.
  public init() {}
}
