/// The weights of a linear layer or an embedding, `[outputs, inputs]`, in any precision.
public enum LayerWeights: Sendable {
  /// As stored in the file, or in bf16.
  case stored(WeightStorage)
  /// In 4 to 8 bits.
  case packed(PackedWeights)

  /// The number of rows.
  public var outputs: Int {
    switch self {
    case .stored(let stored): stored.shape.first ?? 0
    case .packed(let packed): packed.outputs
    }
  }

  /// The number of columns.
  public var inputs: Int {
    switch self {
    case .stored(let stored): outputs == 0 ? 0 : stored.count / outputs
    case .packed(let packed): packed.inputs
    }
  }

  /// The number of bytes they take.
  public var byteCount: Int {
    switch self {
    case .stored(let stored): stored.count * stored.elementType.size
    case .packed(let packed): packed.byteCount
    }
  }

  /// Writes row `index` to `output` as f32, `[inputs]`.
  public func copyRow(_ index: Int, to output: UnsafeMutablePointer<Float>) {
    switch self {
    case .stored(let stored): stored.copyRow(index, to: output)
    case .packed(let packed): packed.copyRow(index, to: output)
    }
  }
}
