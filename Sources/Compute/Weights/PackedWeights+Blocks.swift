import CKernels
import Diagnostics

extension PackedWeights {
  /// Packs a matrix in blocks, a panel at a time, so that there is no copy of it in f32.
  ///
  /// - Parameter discard: called with the rows of `blocks` that are no longer needed.
  /// - Throws: as `init(packing:in:threads:discard:)` of stored weights.
  public init(
    packing blocks: StoredBlocks, in arena: PackedArena, threads: ThreadTeam,
    discard: (Range<Int>) -> Void = { _ in }
  ) throws(Failure) {
    let (outputs, inputs) = (blocks.rows, blocks.columns)
    guard let bytes = Self.byteCount(outputs: outputs, inputs: inputs) else {
      throw Self.tooLarge([outputs, inputs])
    }
    let memory = try arena.take(bytes: bytes)
    guard
      let packed = PackedWeights(
        outputs: outputs, inputs: inputs,
        bytes: UnsafeRawBufferPointer(start: memory.base, count: bytes), owner: memory.owner)
    else { throw Self.tooLarge([outputs, inputs]) }
    self = packed
    let panelBytes = panelBytes
    let run = max(1, (16 << 20) / max(1, blocks.rowBytes * Self.panelOutputs)) * Self.panelOutputs
    for first in stride(from: 0, to: outputs, by: run) {
      let rows = first..<min(outputs, first + run)
      threads.forEachRun(of: rows.count, size: Self.panelOutputs) { part in
        var panel = [Float](repeating: 0, count: inputs * Self.panelOutputs)
        for start in stride(from: part.lowerBound, to: part.upperBound, by: Self.panelOutputs) {
          let row = rows.lowerBound + start
          let count = min(part.upperBound - start, Self.panelOutputs)
          panel.withUnsafeMutableBufferPointer { panel in
            guard let numbers = panel.baseAddress else { return }
            for index in 0..<count { blocks.copyRow(row + index, to: numbers + index * inputs) }
            illava_int8_pack(
              ElementType.f32.kernelType, numbers, inputs, count, inputs,
              memory.base + row / Self.panelOutputs * panelBytes)
          }
        }
      }
      discard(rows)
    }
  }
}
