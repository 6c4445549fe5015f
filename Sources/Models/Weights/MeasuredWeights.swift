import Compute
import Diagnostics
import Synchronization

/// Adds up the bytes of the tensors that a family takes from another source, and keeps packed ones
/// by name.
package final class MeasuredWeights: WeightSource {
  private struct Account {
    var bytes = 0
    var ownedBytes = 0
    var packed: [(name: String, weights: PackedWeights)] = []
    var parameters = WeightAccount.Parameters()
  }

  private let source: any WeightSource
  private let account = Mutex(Account())

  init(_ source: any WeightSource) { self.source = source }

  /// The account of the tensors taken so far.
  ///
  /// - Parameters:
  ///   - vision: one of the image encoder's products of each shape.
  ///   - text: one of the language model's products over many rows of each shape.
  ///   - bytesPerToken: bytes of weights that every generated token reads.
  ///   - cacheType: the precision of keys and values.
  package func account(
    vision: [Linear], text: [Linear], bytesPerToken: Int, cacheType: ElementType
  ) -> WeightAccount {
    account.withLock {
      WeightAccount(
        bytes: $0.bytes, ownedBytes: $0.ownedBytes, packed: $0.packed, vision: vision, text: text,
        bytesPerToken: bytesPerToken, cacheType: cacheType, parameters: $0.parameters)
    }
  }

  package func weights(_ name: String, shape: [Int]) throws(Failure) -> WeightStorage {
    let storage = try source.weights(name, shape: shape)
    add(name, storage)
    return storage
  }

  package func matrix(_ name: String, outputs: Int, inputs: Int) throws(Failure) -> LayerWeights {
    count(name, try source.matrix(name, outputs: outputs, inputs: inputs))
  }

  package func exactMatrix(
    _ name: String, outputs: Int, inputs: Int
  ) throws(Failure) -> LayerWeights {
    count(name, try source.exactMatrix(name, outputs: outputs, inputs: inputs))
  }

  package func table(_ name: String, outputs: Int, inputs: Int) throws(Failure) -> LayerWeights {
    count(name, try source.table(name, outputs: outputs, inputs: inputs))
  }

  /// Adds a matrix and gives it back.
  private func count(_ name: String, _ matrix: LayerWeights) -> LayerWeights {
    switch matrix {
    case .stored(let storage): add(name, storage)
    case .packed(let packed):
      account.withLock {
        $0.bytes += packed.byteCount
        $0.ownedBytes += packed.isOwned ? packed.byteCount : 0
        $0.packed.append((name, packed))
        $0.parameters.add(name, packed.outputs * packed.inputs)
      }
    }
    return matrix
  }

  private func add(_ name: String, _ storage: WeightStorage) {
    let bytes = storage.count * storage.elementType.size
    account.withLock {
      $0.bytes += bytes
      $0.parameters.add(name, storage.count)
      $0.ownedBytes += storage.owner is OwnedWeights ? bytes : 0
    }
  }
}
