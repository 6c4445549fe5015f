import Compute
import Diagnostics
import Options

/// The tensors of another source in the sizes that they will have in a given precision, without loading
/// them. A model made from it says what it needs, but cannot be run.
struct UnfilledWeights: WeightSource {
  let source: any WeightSource
  let precision: WeightPrecision

  func weights(_ name: String, shape: [Int]) throws(Failure) -> WeightStorage {
    held(try source.weights(name, shape: shape))
  }

  func matrix(_ name: String, outputs: Int, inputs: Int) throws(Failure) -> LayerWeights {
    if let packed = try kept(name, outputs, inputs) { return packed }
    let matrix = try source.matrix(name, outputs: outputs, inputs: inputs)
    return try held(matrix, precision == .int4 ? .four : .eight)
  }

  func exactMatrix(_ name: String, outputs: Int, inputs: Int) throws(Failure) -> LayerWeights {
    if let packed = try kept(name, outputs, inputs) { return packed }
    return try held(try source.exactMatrix(name, outputs: outputs, inputs: inputs), .eight)
  }

  /// A matrix that the source has in blocks, as `QuantizedWeights` holds it.
  private func kept(
    _ name: String, _ outputs: Int, _ inputs: Int
  ) throws(Failure) -> LayerWeights? {
    guard precision.isPacked,
      let blocks = try source.blocks(name, outputs: outputs, inputs: inputs)
    else { return nil }
    let layout = PackedLayout(holding: blocks.type) ?? .eight
    return .packed(try PackedWeights(unfilled: outputs, inputs: inputs, layout: layout))
  }

  /// The matrix as it will be held: packed in this layout, if at all.
  private func held(
    _ matrix: LayerWeights, _ layout: PackedLayout
  ) throws(Failure) -> LayerWeights {
    guard case .stored(let stored) = matrix else { return matrix }
    guard precision.isPacked else { return .stored(held(stored)) }
    return .packed(
      try PackedWeights(unfilled: matrix.outputs, inputs: matrix.inputs, layout: layout))
  }

  func table(_ name: String, outputs: Int, inputs: Int) throws(Failure) -> LayerWeights {
    if let packed = try kept(name, outputs, inputs) { return packed }
    let table = try source.table(name, outputs: outputs, inputs: inputs)
    guard case .stored(let stored) = table else { return table }
    return .stored(held(stored))
  }

  /// The tensor as `NarrowedWeights` holds it; the numbers of one that is narrowed are wrong.
  private func held(_ stored: WeightStorage) -> WeightStorage {
    guard precision != .f32 else { return stored }
    guard stored.elementType == .f32, stored.shape.count > 1 else {
      return NarrowedWeights.rounding(stored)
    }
    return NarrowedWeights.rounding(
      WeightStorage(
        shape: stored.shape, elementType: .bf16, base: stored.base, owner: stored.owner))
  }
}
