import Compute
import Diagnostics
import Synchronization

/// Where a family takes its weights from: it adds up the bytes of the tensors that pass through it, and
/// keeps those in 8 bits by name.
package final class MeasuredWeights: WeightSource {
  private struct Account {
    var bytes = 0
    var ownedBytes = 0
    var packed: [(name: String, weights: PackedWeights)] = []
  }

  private let source: any WeightSource
  private let account = Mutex(Account())

  init(_ source: any WeightSource) { self.source = source }

  /// What the tensors asked for so far take.
  ///
  /// - Parameters:
  ///   - vision: the image encoder's kinds of products.
  ///   - text: the language model's kinds of products over many rows.
  ///   - bytesPerToken: bytes of weights that every generated token reads.
  ///   - cacheType: how keys and values are held.
  package func account(
    vision: [Linear], text: [Linear], bytesPerToken: Int, cacheType: ElementType
  ) -> WeightAccount {
    account.withLock {
      WeightAccount(
        bytes: $0.bytes, ownedBytes: $0.ownedBytes, packed: $0.packed, vision: vision, text: text,
        bytesPerToken: bytesPerToken, cacheType: cacheType)
    }
  }

  package func weights(_ name: String, shape: [Int]) throws(Failure) -> WeightStorage {
    let storage = try source.weights(name, shape: shape)
    add(storage)
    return storage
  }

  package func matrix(_ name: String, outputs: Int, inputs: Int) throws(Failure) -> LayerWeights {
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
