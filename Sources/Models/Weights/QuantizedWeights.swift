import Compute
import Diagnostics

/// Holds the matrices of another source in 8 bits; each is packed when it is asked for.
///
/// Only matrices of products are packed: blocks, mergers and the output layer. The patch embedding (0.5
/// % of the encoder's arithmetic, and its inputs are raw pixels), position tables, norms and biases keep
/// their precision, except that f32 matrices become bf16. A tied embedding is looked up in the packed
/// output layer, so that it is in memory only once.
struct QuantizedWeights: WeightSource {
  let source: any WeightSource
  let threads: ThreadTeam
  private let arena = PackedArena()

  init(source: any WeightSource, threads: ThreadTeam) {
    self.source = source
    self.threads = threads
  }

  func weights(_ name: String, shape: [Int]) throws(Failure) -> WeightStorage {
    try NarrowedWeights(source: source, threads: threads).weights(name, shape: shape)
  }

  func matrix(_ name: String, outputs: Int, inputs: Int) throws(Failure) -> LayerWeights {
    if let packed = try packed(name, outputs, inputs) { return .packed(packed) }
    let matrix = try source.matrix(name, outputs: outputs, inputs: inputs)
    guard case .stored(let stored) = matrix else { return matrix }
    return .packed(
      try PackedWeights(packing: stored, in: arena, threads: threads) {
        source.discard($0, of: stored)
      })
  }

  func table(_ name: String, outputs: Int, inputs: Int) throws(Failure) -> LayerWeights {
    // A table in blocks would be larger in bf16 than in the file.
    if let packed = try packed(name, outputs, inputs) { return .packed(packed) }
    let table = try source.table(name, outputs: outputs, inputs: inputs)
    guard case .stored = table else { return table }
    return .stored(try weights(name, shape: [outputs, inputs]))
  }

  /// A matrix that the source has in blocks.
  private func packed(
    _ name: String, _ outputs: Int, _ inputs: Int
  ) throws(Failure) -> PackedWeights? {
    guard let blocks = try source.blocks(name, outputs: outputs, inputs: inputs) else { return nil }
    return try PackedWeights(packing: blocks, in: arena, threads: threads) {
      source.discard(rows: $0, of: blocks)
    }
  }
}
