import CKernels
import Diagnostics

extension PackedLayout {
  /// The layout that holds blocks of a type without loss, if there is one.
  public init?(holding type: BlockType) {
    let panel = illava_block_panel(type.kernelType)
    guard let layout = Self.allCases.first(where: { Int32($0.panel.rawValue) == panel }) else {
      return nil
    }
    self = layout
  }
}

extension PackedWeights {
  /// Moves a matrix in blocks into panels that hold the same numbers in about as many bits.
  ///
  /// - Parameter discard: called with the rows of `blocks` that are no longer needed.
  /// - Returns: `nil` where no layout holds blocks of this type.
  /// - Throws: `compute.no-memory`, or `compute.too-large` for a shape that overflows.
  public init?(
    repacking blocks: StoredBlocks, in arena: PackedArena, threads: ThreadTeam,
    discard: (Range<Int>) -> Void = { _ in }
  ) throws(Failure) {
    guard let layout = PackedLayout(holding: blocks.type) else { return nil }
    let (outputs, inputs) = (blocks.rows, blocks.columns)
    guard let bytes = Self.byteCount(outputs: outputs, inputs: inputs, layout: layout) else {
      throw Self.tooLarge([outputs, inputs])
    }
    let memory = try arena.take(bytes: bytes)
    guard
      let weights = PackedWeights(
        outputs: outputs, inputs: inputs, layout: layout,
        bytes: UnsafeRawBufferPointer(start: memory.base, count: bytes), owner: memory.owner)
    else { return nil }
    self = weights
    let (panelBytes, type) = (panelBytes, blocks.type.kernelType)
    // 16 MiB of blocks at a time, so that few pages are read but not yet released.
    let run = max(1, (16 << 20) / max(1, blocks.rowBytes * Self.panelOutputs)) * Self.panelOutputs
    for first in stride(from: 0, to: outputs, by: run) {
      let rows = first..<min(outputs, first + run)
      threads.forEachRun(of: rows.count, size: Self.panelOutputs) { part in
        let row = rows.lowerBound + part.lowerBound
        illava_block_repack(
          type, blocks.base + row * blocks.rowBytes, part.count, inputs,
          memory.base + row / Self.panelOutputs * panelBytes)
      }
      discard(rows)
    }
  }
}
