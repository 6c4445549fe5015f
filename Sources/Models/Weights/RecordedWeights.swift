import Compute
import Diagnostics
import Synchronization

/// Remembers every tensor that a model asks for, by name.
final class RecordedWeights: WeightSource {
  private let source: any WeightSource
  private let recorded = Mutex<[(name: String, weights: WeightStorage)]>([])

  init(_ source: any WeightSource) { self.source = source }

  /// The tensors so far, each once, in the order they were asked for.
  var tensors: [(name: String, weights: WeightStorage)] { recorded.withLock { $0 } }

  func weights(_ name: String, shape: [Int]) throws(Failure) -> WeightStorage {
    let known = recorded.withLock { $0.first { $0.name == name }?.weights }
    if let known { return known }
    let storage = try source.weights(name, shape: shape)
    recorded.withLock { $0.append((name, storage)) }
    return storage
  }
}
