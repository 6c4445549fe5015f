import Compute
import Diagnostics
import Synchronization

/// Adds up the bytes of the tensors that pass through it.
final class MeasuredWeights: WeightSource {
  private let source: any WeightSource
  private let sum = Atomic<Int>(0)

  init(_ source: any WeightSource) { self.source = source }

  /// Bytes of all tensors asked for so far, as they are held.
  var bytes: Int { sum.load(ordering: .relaxed) }

  func weights(_ name: String, shape: [Int]) throws(Failure) -> WeightStorage {
    let storage = try source.weights(name, shape: shape)
    sum.wrappingAdd(storage.count * storage.elementType.size, ordering: .relaxed)
    return storage
  }
}
