import CKernels
import Diagnostics

/// `y = x Wᵀ + b` over 8-bit weights: the rows of `x` are quantized a run at a time, then every panel
/// of weights meets all of them. The sums of a group are exact and groups are added in order, so a
/// row's result depends neither on the other rows nor on the number of threads.
struct PackedProduct {
  let weights: PackedWeights
  let bias: [Float]?

  /// Rows quantized at a time: 2.7 MiB of scratch for 4,096 inputs, and weights are read once for so
  /// many rows.
  private static let runTiles = 86
  private static let tileRows = ILLAVA_INT8_TILE
  private static let tileBlock = ILLAVA_INT8_TILE_BLOCK
  /// Weights of one task where there are few rows, as in decoding: 128 KiB, some 10 µs of reading.
  private static let taskBytes = 1 << 17

  /// Scratch elements that every thread contributes to the quantized rows.
  func scratchElements(threads: Int) -> Int {
    scratchElements(tiles: Self.runTiles, threads: threads)
  }

  private func scratchElements(tiles: Int, threads: Int) -> Int {
    let bytes = tiles * weights.groups * Self.tileBlock
    return (bytes / MemoryLayout<Float>.stride + threads - 1) / threads
  }

  func apply(
    _ x: MatrixView, to y: MatrixView, accumulate: Bool, threads: ThreadTeam
  ) throws(Failure) {
    for first in stride(from: 0, to: x.rows, by: Self.runTiles * Self.tileRows) {
      let rows = first..<min(x.rows, first + Self.runTiles * Self.tileRows)
      try applyToRun(x[rows: rows], to: y[rows: rows], accumulate: accumulate, threads: threads)
    }
  }

  private func applyToRun(
    _ x: MatrixView, to y: MatrixView, accumulate: Bool, threads: ThreadTeam
  ) throws(Failure) {
    let groups = weights.groups
    let tiles = (x.rows + Self.tileRows - 1) / Self.tileRows
    // The threads' shares of the scratch lie one behind the other: all of them together hold the
    // quantized rows.
    let scratch = UnsafeMutableRawPointer(
      try threads.scratch(elements: scratchElements(tiles: tiles, threads: threads.count)).base)
    threads.forEach(tiles) { tile, _ in
      let first = tile * Self.tileRows
      illava_int8_quantize(
        x.row(first), x.stride, min(Self.tileRows, x.rows - first), weights.inputs,
        scratch + tile * groups * Self.tileBlock)
    }
    let panelsPerTask =
      x.rows <= Self.tileRows ? max(1, Self.taskBytes / max(1, weights.panelBytes)) : 1
    threads.forEachRun(of: weights.panels, size: panelsPerTask) { run in
      for panel in run {
        let first = panel * PackedWeights.panelOutputs
        let columns = min(PackedWeights.panelOutputs, weights.outputs - first)
        func multiply(_ bias: UnsafePointer<Float>?) {
          illava_int8_product(
            scratch, x.rows, weights.panel(panel), groups, bias, accumulate ? 1 : 0,
            y.base + first, y.stride, columns)
        }
        guard let bias else {
          multiply(nil)
          continue
        }
        bias.withUnsafeBufferPointer { multiply($0.baseAddress.map { $0 + first }) }
      }
    }
  }
}
