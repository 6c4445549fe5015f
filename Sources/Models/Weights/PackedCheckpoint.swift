import Checkpoint
import Compute
import Diagnostics

/// A checkpoint whose matrices come from the packed file beside it, where that has them.
struct PackedCheckpoint: WeightSource {
  /// The checkpoint's tensors.
  let stored: any WeightSource
  /// The same, where only their sizes are wanted.
  let sizes: any WeightSource
  let packed: PackedFile

  /// Opens a checkpoint with its packed weights, or without them where there are none to use.
  ///
  /// - Returns: the source, and a note where a packed file could not be used.
  static func open(
    _ checkpoint: Checkpoint, _ precision: PackedPrecision, stored: any WeightSource,
    sizes: any WeightSource
  ) -> (source: any WeightSource, note: String?) {
    do throws(Failure) {
      guard let packed = try PackedFile(of: checkpoint, precision) else { return (stored, nil) }
      return (PackedCheckpoint(stored: stored, sizes: sizes, packed: packed), nil)
    } catch {
      let remedy = error.remedy.map { ". \($0)" } ?? ""
      return (stored, "\(error.message): the weights were packed anew\(remedy)")
    }
  }

  func weights(_ name: String, shape: [Int]) throws(Failure) -> WeightStorage {
    try stored.weights(name, shape: shape)
  }

  func matrix(_ name: String, outputs: Int, inputs: Int) throws(Failure) -> LayerWeights {
    if let packed = try found(name, outputs, inputs) { return packed }
    return .stored(try stored.weights(name, shape: [outputs, inputs]))
  }

  func table(_ name: String, outputs: Int, inputs: Int) throws(Failure) -> LayerWeights {
    if let packed = try found(name, outputs, inputs) { return packed }
    return try stored.table(name, outputs: outputs, inputs: inputs)
  }

  func blocks(_ name: String, outputs: Int, inputs: Int) throws(Failure) -> StoredBlocks? {
    guard packed.weights(name, outputs: outputs, inputs: inputs) == nil else { return nil }
    return try stored.blocks(name, outputs: outputs, inputs: inputs)
  }

  func discard(_ bytes: Range<Int>, of storage: WeightStorage) {
    stored.discard(bytes, of: storage)
  }

  func discard(rows: Range<Int>, of blocks: StoredBlocks) { stored.discard(rows: rows, of: blocks) }

  /// The packed matrix of this name.
  private func found(
    _ name: String, _ outputs: Int, _ inputs: Int
  ) throws(Failure) -> LayerWeights? {
    // A tensor that the checkpoint lacks or has in another shape is an error, as it is without packed
    // weights.
    _ = try sizes.weights(name, shape: [outputs, inputs])
    return packed.weights(name, outputs: outputs, inputs: inputs).map(LayerWeights.packed)
  }
}
