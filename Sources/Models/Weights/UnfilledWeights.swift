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
    let matrix = try source.matrix(name, outputs: outputs, inputs: inputs)
    guard case .stored(let stored) = matrix else { return matrix }
    guard precision == .int8 else { return .stored(held(stored)) }
    return .packed(try PackedWeights(unfilled: outputs, inputs: inputs))
  }

  func table(_ name: String, outputs: Int, inputs: Int) throws(Failure) -> LayerWeights {
    if precision == .int8, try source.blocks(name, outputs: outputs, inputs: inputs) != nil {
      return .packed(try PackedWeights(unfilled: outputs, inputs: inputs))
    }
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
