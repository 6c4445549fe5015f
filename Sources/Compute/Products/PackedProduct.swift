import CKernels
import Diagnostics

/// `y = x Wᵀ + b` over weights of 4 to 8 bits, for one layer or for several with the same input. The rows of `x`
/// are quantized a block at a time, once for all layers; then every panel of weights is multiplied with
/// all of them. The sums of a group are exact and groups are added in order, so a row's result depends
/// neither on the other rows nor on the number of threads.
struct PackedProduct {
  /// A layer: its weights, its bias or other summand, and its output.
  struct Layer {
    let weights: PackedWeights
    let bias: [Float]?
    /// `[rows, outputs]`.
    let y: MatrixView

    func withBias(_ body: (UnsafePointer<Float>?) -> Void) {
      guard let bias else { return body(nil) }
      bias.withUnsafeBufferPointer { body($0.baseAddress) }
    }
  }

  /// At least one layer; all have the same number of inputs.
  let layers: [Layer]
  /// Whether products are added to the contents of the outputs.
  let accumulate: Bool

  /// Tiles quantized at a time: 2.7 MiB of scratch for 4,096 inputs; weights are read once per this many
  /// tiles.
  private static let runTiles = 86
  private static let tileRows = ILLAVA_INT8_TILE
  private static let tileBlock = ILLAVA_INT8_TILE_BLOCK
  /// Bytes of weights per task where there are few rows, as in decode: 128 KiB, some 10 µs of reading.
  private static let taskBytes = 1 << 17

  /// Scratch elements that every thread contributes to the quantized rows.
  static func scratchElements(groups: Int, threads: Int) -> Int {
    scratchElements(tiles: runTiles, groups: groups, threads: threads)
  }

  private static func scratchElements(tiles: Int, groups: Int, threads: Int) -> Int {
    let bytes = tiles * groups * tileBlock
    return (bytes / MemoryLayout<Float>.stride + threads - 1) / threads
  }

  /// Computes all layers for the rows of `x`, `[rows, inputs]`.
  func apply(_ x: MatrixView, threads: ThreadTeam) throws(Failure) {
    for first in stride(from: 0, to: x.rows, by: Self.runTiles * Self.tileRows) {
      let rows = first..<min(x.rows, first + Self.runTiles * Self.tileRows)
      let scratch = try quantize(x[rows: rows], threads: threads)
      multiply(scratch, rows: rows, threads: threads)
    }
  }

  /// Quantizes the rows to tiles of 8-bit numbers, in the threads' scratch.
  private func quantize(
    _ x: MatrixView, threads: ThreadTeam
  ) throws(Failure) -> UnsafeMutableRawPointer {
    let weights = layers[0].weights
    let groups = weights.groups
    let tiles = (x.rows + Self.tileRows - 1) / Self.tileRows
    // The threads' shares of the scratch are contiguous; together they hold the quantized rows.
    let elements = Self.scratchElements(tiles: tiles, groups: groups, threads: threads.count)
    let scratch = UnsafeMutableRawPointer(try threads.scratch(elements: elements).base)
    threads.forEach(tiles) { tile, _ in
      let first = tile * Self.tileRows
      illava_int8_quantize(
        x.row(first), x.stride, min(Self.tileRows, x.rows - first), weights.inputs,
        scratch + tile * groups * Self.tileBlock)
    }
    return scratch
  }

  /// The numbers and pointers of a layer that tasks read. In decode a task takes some microseconds, and
  /// reference counts that all threads change at once would cost 2 % of the time.
  private struct Panels {
    let weights: UnsafeRawPointer
    let panel: illava_panel
    let bias: UnsafePointer<Float>?
    let y: UnsafeMutablePointer<Float>
    let stride: Int
    let outputs: Int
    let count: Int
    let bytes: Int
    let perTask: Int

    var tasks: Int { (count + perTask - 1) / perTask }
  }

  /// Multiplies all panels of all layers as one list of tasks.
  private func multiply(
    _ tiles: UnsafeMutableRawPointer, rows: Range<Int>, threads: ThreadTeam
  ) {
    let (count, groups) = (rows.count, layers[0].weights.groups)
    let accumulate: Int32 = accumulate ? 1 : 0
    withPanels(rows) { panels in
      threads.forEach(panels.reduce(0) { $0 + $1.tasks }) { task, _ in
        var task = task
        var index = 0
        while task >= panels[index].tasks {
          task -= panels[index].tasks
          index += 1
        }
        let layer = panels[index]
        let first = task * layer.perTask
        for panel in first..<min(layer.count, first + layer.perTask) {
          let column = panel * PackedWeights.panelOutputs
          illava_packed_product(
            layer.panel, tiles, count, layer.weights + panel * layer.bytes, groups,
            layer.bias.map { $0 + column }, accumulate, layer.y + column, layer.stride,
            min(PackedWeights.panelOutputs, layer.outputs - column))
        }
      }
    }
  }

  /// Calls `body` with pointers to all layers for these rows, valid while it runs.
  private func withPanels(
    _ rows: Range<Int>, _ body: (UnsafeBufferPointer<Panels>) -> Void
  ) {
    let isFew = rows.count <= Self.tileRows
    withUnsafeTemporaryAllocation(of: Panels.self, capacity: layers.count) { panels in
      func describe(_ index: Int) {
        guard index < layers.count else { return body(UnsafeBufferPointer(panels)) }
        let layer = layers[index]
        let weights = layer.weights
        layer.withBias { bias in
          panels.initializeElement(
            at: index,
            to: Panels(
              weights: weights.base, panel: weights.layout.panel, bias: bias,
              y: layer.y.row(rows.lowerBound),
              stride: layer.y.stride, outputs: weights.outputs, count: weights.panels,
              bytes: weights.panelBytes,
              perTask: isFew ? max(1, Self.taskBytes / max(1, weights.panelBytes)) : 1))
          describe(index + 1)
        }
      }
      describe(0)
    }
  }
}
