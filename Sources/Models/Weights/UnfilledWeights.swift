import Compute
import Diagnostics
import Options
import Synchronization

/// Adds up the bytes that the tensors of another source will take in a given precision, without loading
/// them. The model made from it is discarded.
final class CountedWeights: WeightSource {
  private let source: any WeightSource
  private let precision: WeightPrecision
  private let counted = Mutex(0)

  init(_ source: any WeightSource, precision: WeightPrecision) {
    self.source = source
    self.precision = precision
  }

  /// Bytes of all tensors asked for so far.
  var bytes: Int { counted.withLock { $0 } }

  func weights(_ name: String, shape: [Int]) throws(Failure) -> WeightStorage {
    let stored = try source.weights(name, shape: shape)
    add(held(stored))
    return stored
  }

  func matrix(_ name: String, outputs: Int, inputs: Int) throws(Failure) -> LayerWeights {
    let matrix = try source.matrix(name, outputs: outputs, inputs: inputs)
    switch matrix {
    case .packed(let packed): add(packed.byteCount)
    case .stored(let stored) where precision == .int8:
      add(PackedWeights.byteCount(outputs: outputs, inputs: inputs) ?? held(stored))
    case .stored(let stored): add(held(stored))
    }
    return matrix
  }

  /// The bytes of a tensor as `NarrowedWeights` holds it.
  private func held(_ stored: WeightStorage) -> Int {
    let isNarrowed =
      precision != .f32 && stored.elementType == .f32 && stored.shape.count > 1
    return stored.count * (isNarrowed ? ElementType.bf16.size : stored.elementType.size)
  }

  private func add(_ bytes: Int) { counted.withLock { $0 += bytes } }
}
