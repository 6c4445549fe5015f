import Compute
import Diagnostics

/// Holds the matrices of another source in 8 or 4 bits; each is packed when it is asked for.
///
/// Of 4 bits are the matrices of layers. In 8 bits stay those whose errors cost most (`exactMatrix`): the
/// embedding and the output layer, and an image encoder's first and last block.
///
/// Matrices that the source has in blocks of 4 to 8 bits keep these bits.
///
/// Only matrices of products are packed: blocks, mergers and the output layer. The patch embedding (0.5
/// % of the encoder's arithmetic, and its inputs are raw pixels), position tables, norms and biases keep
/// their precision, except that f32 matrices become bf16. A tied embedding is looked up in the packed
/// output layer, so that it is in memory only once.
struct QuantizedWeights: WeightSource {
  let source: any WeightSource
  /// Whether matrices are held in 4 bits.
  let isFour: Bool
  /// The mean squares of the inputs of matrices, `[inputs]`, by name.
  let importance: [String: [Float]]
  let threads: ThreadTeam
  private let arena = PackedArena()

  init(
    source: any WeightSource, isFour: Bool = false, importance: [String: [Float]] = [:],
    threads: ThreadTeam
  ) {
    self.source = source
    self.isFour = isFour
    self.importance = importance
    self.threads = threads
  }

  func weights(_ name: String, shape: [Int]) throws(Failure) -> WeightStorage {
    try NarrowedWeights(source: source, threads: threads).weights(name, shape: shape)
  }

  func matrix(_ name: String, outputs: Int, inputs: Int) throws(Failure) -> LayerWeights {
    if let packed = try packed(name, outputs, inputs) { return .packed(packed) }
    return try packed(
      name, try source.matrix(name, outputs: outputs, inputs: inputs), isFour: isFour)
  }

  func exactMatrix(_ name: String, outputs: Int, inputs: Int) throws(Failure) -> LayerWeights {
    if let packed = try packed(name, outputs, inputs) { return .packed(packed) }
    return try packed(
      name, try source.exactMatrix(name, outputs: outputs, inputs: inputs), isFour: false)
  }

  func table(_ name: String, outputs: Int, inputs: Int) throws(Failure) -> LayerWeights {
    // A table in blocks would be larger in bf16 than in the file.
    if let packed = try packed(name, outputs, inputs) { return .packed(packed) }
    let table = try source.table(name, outputs: outputs, inputs: inputs)
    guard case .stored = table else { return table }
    return .stored(try weights(name, shape: [outputs, inputs]))
  }

  private func packed(
    _ name: String, _ matrix: LayerWeights, isFour: Bool
  ) throws(Failure) -> LayerWeights {
    guard case .stored(let stored) = matrix else { return matrix }
    return .packed(
      try PackedWeights(
        packing: stored, isFour: isFour, importance: importance[name], in: arena, threads: threads
      ) {
        source.discard($0, of: stored)
      })
  }

  /// A matrix that the source has in blocks: with the bits that it has where a layout holds them.
  private func packed(
    _ name: String, _ outputs: Int, _ inputs: Int
  ) throws(Failure) -> PackedWeights? {
    guard let blocks = try source.blocks(name, outputs: outputs, inputs: inputs) else { return nil }
    func discard(_ rows: Range<Int>) { source.discard(rows: rows, of: blocks) }
    if let kept = try PackedWeights(
      repacking: blocks, in: arena, threads: threads, discard: discard)
    {
      return kept
    }
    return try PackedWeights(packing: blocks, in: arena, threads: threads, discard: discard)
  }
}
