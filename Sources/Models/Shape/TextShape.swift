import Compute

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
  /// Whether the output of attention is gated: the product for queries gives as many gates.
  public var hasAttentionGate: Bool
  /// The layers that are not attention but a recurrence; `nil` where all layers are attention.
  public var recurrence: Recurrence?

  /// Layers of a Gated DeltaNet.
  public struct Recurrence: Sendable, Equatable {
    /// The sizes of each of them.
    public var rule: DeltaRule
    /// Their numbers.
    public var layers: Set<Int>

    /// A recurrence from its parts.
    public init(_ rule: DeltaRule, layers: Set<Int>) {
      self.rule = rule
      self.layers = layers
    }
  }

  /// A shape from its parts.
  public init(
    layers: Int, hiddenSize: Int, intermediateSize: Int, heads: Int, keyValueHeads: Int,
    headSize: Int, vocabularySize: Int, maxPositions: Int, hasAttentionGate: Bool = false,
    recurrence: Recurrence? = nil
  ) {
    self.layers = layers
    self.hiddenSize = hiddenSize
    self.intermediateSize = intermediateSize
    self.heads = heads
    self.keyValueHeads = keyValueHeads
    self.headSize = headSize
    self.vocabularySize = vocabularySize
    self.maxPositions = maxPositions
    self.hasAttentionGate = hasAttentionGate
    self.recurrence = recurrence
  }

  /// Elements of all query heads.
  public var querySize: Int { heads * headSize }
  /// Elements of all key heads, and of all value heads.
  public var keySize: Int { keyValueHeads * headSize }
  /// Elements that the product for queries gives.
  public var queryColumns: Int { hasAttentionGate ? 2 * querySize : querySize }

  /// The recurrence of a layer; `nil` where it is attention.
  func rule(of layer: Int) -> DeltaRule? {
    recurrence.flatMap { $0.layers.contains(layer) ? $0.rule : nil }
  }

  /// The first layer that is attention; `layers` where none is.
  public var firstAttention: Int { attention(from: 0) }

  /// The first layer from a given one on that is attention; `layers` where none is.
  func attention(from layer: Int) -> Int {
    (layer..<max(layer, layers)).first { rule(of: $0) == nil } ?? layers
  }
}
