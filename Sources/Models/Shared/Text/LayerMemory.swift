import Compute
import Diagnostics

/// What a text layer remembers of the rows it has read, with the part that uses it.
enum LayerMemory: Sendable {
  /// The keys and values of all rows.
  case attention(TextAttention, LayerCache)
  /// A state of fixed size.
  case recurrence(DeltaNet, DeltaState)

  /// The rows that the layer has read.
  var count: Int {
    switch self {
    case .attention(_, let cache): cache.count
    case .recurrence(_, let state): state.count
    }
  }

  /// Whether it is a state, which forgets nothing.
  var isRecurrence: Bool {
    if case .recurrence = self { true } else { false }
  }

  /// What is needed to go back to this place: a copy of a state. Keys and values need none.
  ///
  /// - Throws: `compute.no-memory`.
  var kept: DeltaState? {
    get throws(Failure) {
      guard case .recurrence(_, let state) = self else { return nil }
      return try DeltaState(copying: state)
    }
  }

  /// The bytes that a layer's memory takes when full.
  ///
  /// - Parameters:
  ///   - capacity: the rows it has room for.
  ///   - elementType: the type of keys and values; states are always f32.
  static func bytes(
    of layer: Int, _ shape: TextShape, capacity: Int, elementType: ElementType
  ) -> Int {
    if let rule = shape.rule(of: layer) { return DeltaState.bytes(rule) }
    return LayerCache.bytes(
      capacity: capacity, heads: shape.keyValueHeads, headSize: shape.headSize,
      elementType: elementType)
  }
}
