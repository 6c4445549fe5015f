import Compute
import Diagnostics

/// Tensors of another source under the names that a family uses, where files name them differently.
struct RenamedWeights: WeightSource {
  let source: any WeightSource
  /// The name in the source of a tensor that the family asks for.
  let stored: @Sendable (String) -> String

  func weights(_ name: String, shape: [Int]) throws(Failure) -> WeightStorage {
    try source.weights(stored(name), shape: shape)
  }

  func matrix(_ name: String, outputs: Int, inputs: Int) throws(Failure) -> LayerWeights {
    try source.matrix(stored(name), outputs: outputs, inputs: inputs)
  }

  func exactMatrix(_ name: String, outputs: Int, inputs: Int) throws(Failure) -> LayerWeights {
    try source.exactMatrix(stored(name), outputs: outputs, inputs: inputs)
  }

  func blocks(_ name: String, outputs: Int, inputs: Int) throws(Failure) -> StoredBlocks? {
    try source.blocks(stored(name), outputs: outputs, inputs: inputs)
  }

  func table(_ name: String, outputs: Int, inputs: Int) throws(Failure) -> LayerWeights {
    try source.table(stored(name), outputs: outputs, inputs: inputs)
  }

  func discard(_ bytes: Range<Int>, of storage: WeightStorage) {
    source.discard(bytes, of: storage)
  }

  func discard(rows: Range<Int>, of blocks: StoredBlocks) { source.discard(rows: rows, of: blocks) }
}
