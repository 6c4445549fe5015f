import Compute
import Diagnostics
import Synchronization

/// Adds up the bytes of the tensors that pass through it.
final class MeasuredWeights: WeightSource {
  private let source: any WeightSource
  private let sum = Atomic<Int>(0)
  private let owned = Atomic<Int>(0)

  init(_ source: any WeightSource) { self.source = source }

  /// Bytes of all tensors asked for so far, as they are held.
  var bytes: Int { sum.load(ordering: .relaxed) }

  /// Bytes among them that are in memory of their own, not in a mapped file.
  var ownedBytes: Int { owned.load(ordering: .relaxed) }

  func weights(_ name: String, shape: [Int]) throws(Failure) -> WeightStorage {
    let storage = try source.weights(name, shape: shape)
    let bytes = storage.count * storage.elementType.size
    sum.wrappingAdd(bytes, ordering: .relaxed)
    if storage.owner is OwnedWeights { owned.wrappingAdd(bytes, ordering: .relaxed) }
    return storage
  }
}
