import Compute
import Diagnostics

/// Holds the matrices of another source in bf16, where that source has them in f32.
///
/// Tensors stored in 16 bits are passed through and stay in the mapped file. Weights in bf16 may also be
/// multiplied in bf16.
struct NarrowedWeights: WeightSource {
  let source: any WeightSource
  let threads: ThreadTeam

  func weights(_ name: String, shape: [Int]) throws(Failure) -> WeightStorage {
    if shape.count == 2,
      let blocks = try source.blocks(name, outputs: shape[0], inputs: shape[1])
    {
      return try narrowed(blocks, shape)
    }
    let stored = try source.weights(name, shape: shape)
    guard stored.elementType == .f32, shape.count > 1 else { return Self.rounding(stored) }
    let memory = try OwnedWeights(shape: shape, elementType: .bf16)
    ElementType.bf16.narrow(
      stored.base.assumingMemoryBound(to: Float.self), to: memory.base, count: stored.count)
    source.discard(0..<stored.count * stored.elementType.size, of: stored)
    return Self.rounding(memory.storage)
  }

  /// A matrix in blocks, row by row, so that there is no copy of it in f32.
  private func narrowed(_ blocks: StoredBlocks, _ shape: [Int]) throws(Failure) -> WeightStorage {
    let memory = try OwnedWeights(shape: shape, elementType: .bf16)
    nonisolated(unsafe) let target = memory.base
    let columns = blocks.columns
    threads.forEachRun(of: blocks.rows, size: 64) { run in
      var row = [Float](repeating: 0, count: columns)
      for index in run {
        blocks.copyRow(index, to: &row)
        ElementType.bf16.narrow(&row, to: target + index * columns * 2, count: columns)
      }
    }
    source.discard(rows: 0..<blocks.rows, of: blocks)
    return Self.rounding(memory.storage)
  }

  /// The tensor, marked as one whose products may round their inputs where it is no more exact itself.
  static func rounding(_ weights: WeightStorage) -> WeightStorage {
    var weights = weights
    weights.mayRoundInputs = weights.elementType == .bf16
    return weights
  }
}
