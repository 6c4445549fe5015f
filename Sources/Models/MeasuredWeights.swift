import Compute
import Diagnostics
import Synchronization

/// Adds up the bytes of the tensors that pass through it, and keeps those in 8 bits by name.
final class MeasuredWeights: WeightSource {
  private struct Account {
    var bytes = 0
    var ownedBytes = 0
    var packed: [(name: String, weights: PackedWeights)] = []
  }

  private let source: any WeightSource
  private let account = Mutex(Account())

  init(_ source: any WeightSource) { self.source = source }

  /// Bytes of all tensors asked for so far, as they are held.
  var bytes: Int { account.withLock { $0.bytes } }

  /// Bytes among them that are in memory of their own, not in a mapped file.
  var ownedBytes: Int { account.withLock { $0.ownedBytes } }

  /// The matrices among them that are in 8 bits, in the order they were asked for.
  var packed: [(name: String, weights: PackedWeights)] { account.withLock { $0.packed } }

  func weights(_ name: String, shape: [Int]) throws(Failure) -> WeightStorage {
    let storage = try source.weights(name, shape: shape)
    add(storage)
    return storage
  }

  func matrix(_ name: String, outputs: Int, inputs: Int) throws(Failure) -> LayerWeights {
    let matrix = try source.matrix(name, outputs: outputs, inputs: inputs)
    switch matrix {
    case .stored(let storage): add(storage)
    case .packed(let packed):
      account.withLock {
        $0.bytes += packed.byteCount
        $0.ownedBytes += packed.isOwned ? packed.byteCount : 0
        $0.packed.append((name, packed))
      }
    }
    return matrix
  }

  private func add(_ storage: WeightStorage) {
    let bytes = storage.count * storage.elementType.size
    account.withLock {
      $0.bytes += bytes
      $0.ownedBytes += storage.owner is OwnedWeights ? bytes : 0
    }
  }
}
