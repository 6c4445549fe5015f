/// The numbers that describe a language model.
public struct TextShape: Sendable, Equatable {
  /// Layers.
  public var layers: Int
  /// Elements of a token's hidden state.
  public var hiddenSize: Int
  /// Elements inside the MLP.
  public var intermediateSize: Int
  /// Query heads.
  public var heads: Int
  /// Key and value heads; divides `heads`.
  public var keyValueHeads: Int
  /// Elements per head.
  public var headSize: Int
  /// Rows of the embedding.
  public var vocabularySize: Int
  /// The longest sequence the model was made for.
  public var maxPositions: Int

  /// A shape from its parts.
  public init(
    layers: Int, hiddenSize: Int, intermediateSize: Int, heads: Int, keyValueHeads: Int,
    headSize: Int, vocabularySize: Int, maxPositions: Int
  ) {
    self.layers = layers
    self.hiddenSize = hiddenSize
    self.intermediateSize = intermediateSize
    self.heads = heads
    self.keyValueHeads = keyValueHeads
    self.headSize = headSize
    self.vocabularySize = vocabularySize
    self.maxPositions = maxPositions
  }

  /// Elements of all query heads.
  public var querySize: Int { heads * headSize }
  /// Elements of all key heads, and of all value heads.
  public var keySize: Int { keyValueHeads * headSize }
}
