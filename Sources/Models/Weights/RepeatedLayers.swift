import Compute
import Diagnostics
import Synchronization

/// The first layers of another source, over and over: a model that is larger than memory can be timed.
///
/// Layer 17 of a model with four layers of its own has the weights of layer 1. Every matrix is still
/// larger than a cache, so the work and the bytes that it reads are those of the whole model.
final class RepeatedLayers: WeightSource {
  private let source: any WeightSource
  private let layers: Int
  private let stored = Mutex<[String: WeightStorage]>([:])
  private let matrices = Mutex<[String: LayerWeights]>([:])

  /// - Parameter layers: the layers of each part of the model that have weights of their own.
  init(_ source: any WeightSource, layers: Int) {
    self.source = source
    self.layers = max(1, layers)
  }

  func weights(_ name: String, shape: [Int]) throws(Failure) -> WeightStorage {
    let name = repeated(name)
    if let known = stored.withLock({ $0[name] }) { return known }
    let weights = try source.weights(name, shape: shape)
    stored.withLock { $0[name] = weights }
    return weights
  }

  func matrix(_ name: String, outputs: Int, inputs: Int) throws(Failure) -> LayerWeights {
    try repeated(name) { name throws(Failure) in
      try source.matrix(name, outputs: outputs, inputs: inputs)
    }
  }

  func exactMatrix(_ name: String, outputs: Int, inputs: Int) throws(Failure) -> LayerWeights {
    try repeated(name) { name throws(Failure) in
      try source.exactMatrix(name, outputs: outputs, inputs: inputs)
    }
  }

  private func repeated(
    _ name: String, _ make: (String) throws(Failure) -> LayerWeights
  ) throws(Failure) -> LayerWeights {
    let name = repeated(name)
    if let known = matrices.withLock({ $0[name] }) { return known }
    let matrix = try make(name)
    matrices.withLock { $0[name] = matrix }
    return matrix
  }

  func discard(_ bytes: Range<Int>, of storage: WeightStorage) {
    source.discard(bytes, of: storage)
  }

  /// The name of the tensor that stands in: the number of the layer is the part of a name that follows
  /// `layers`, `layer` or `blocks`.
  private func repeated(_ name: String) -> String {
    var parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard let place = parts.firstIndex(where: ["layers", "layer", "blocks"].contains),
      parts.indices.contains(place + 1), let number = Int(parts[place + 1])
    else { return name }
    parts[place + 1] = "\(number % layers)"
    return parts.joined(separator: ".")
  }
}
