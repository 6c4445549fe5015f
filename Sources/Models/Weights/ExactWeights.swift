import Compute
import Diagnostics

/// The tensors of another source, with all matrices among those whose errors cost most.
struct ExactWeights: WeightSource {
  let source: any WeightSource

  func weights(_ name: String, shape: [Int]) throws(Failure) -> WeightStorage {
    try source.weights(name, shape: shape)
  }

  func matrix(_ name: String, outputs: Int, inputs: Int) throws(Failure) -> LayerWeights {
    try source.exactMatrix(name, outputs: outputs, inputs: inputs)
  }

  func discard(_ bytes: Range<Int>, of storage: WeightStorage) {
    source.discard(bytes, of: storage)
  }
}
