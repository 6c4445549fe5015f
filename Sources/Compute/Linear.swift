import CKernels
import Diagnostics

/// A linear layer `y = x Wᵀ + b` over weights in their stored type.
///
/// Weights are widened to f32 a panel of output columns at a time, into scratch memory that fits a
/// core's cache, and multiplied by OpenBLAS: no f32 copy of a layer ever exists. One or two rows, as
/// in decoding, go through a dot-product kernel that reads the stored weights directly.
public struct Linear: Sendable {
  /// `[output, input]`.
  public let weight: WeightStorage
  /// `[output]`, f32.
  public let bias: [Float]?

  /// Elements per input row.
  public let inputs: Int
  /// Elements per output row.
  public let outputs: Int

  /// Rows up to which the dot-product kernel is used: it reads all weights once per row.
  private static let fewRows = 2
  /// Output columns per panel. OpenBLAS packs the input once per panel, so wider is faster until
  /// the panel leaves the cache: on 784 × 1,024 × 4,096, 256 columns ran at 77 % and 512 at 90 % of
  /// the speed of one undivided product.
  private static let panelColumns = 512

  /// A layer over `weight` of shape `[output, input]` and `bias` of `[output]`.
  public init(weight: WeightStorage, bias: [Float]? = nil) {
    self.weight = weight
    self.bias = bias
    outputs = weight.shape.first ?? 0
    inputs = outputs == 0 ? 0 : weight.count / outputs
  }

  /// Computes the layer for every row of `x`.
  ///
  /// - Parameters:
  ///   - x: `[rows, input]`.
  ///   - y: `[rows, output]`.
  ///   - accumulate: adds to what `y` holds, as a residual connection does.
  /// - Throws: `compute.no-memory` when there is none for the panels.
  public func apply(
    _ x: MatrixView, to y: MatrixView, accumulate: Bool = false, threads: ThreadTeam
  ) throws(Failure) {
    if x.rows <= Self.fewRows {
      try applyToFewRows(x, to: y, accumulate: accumulate, threads: threads)
      return
    }
    let columns = panelWidth(threads: threads.count)
    let panels = (outputs + columns - 1) / columns
    let widen = weight.elementType != .f32
    let scratch = try Matrix(
      rows: widen ? min(threads.count, panels) : 0, columns: columns * inputs)
    let (inputs, outputs) = (inputs, outputs)
    threads.forEach(panels) { panel, thread in
      let first = panel * columns
      let count = min(columns, outputs - first)
      let stored = weight.base + first * inputs * weight.elementType.size
      let operand: UnsafePointer<Float>
      if widen {
        let panelScratch = scratch.view.row(thread)
        illava_widen(weight.elementType.kernelType, stored, panelScratch, count * inputs)
        operand = UnsafePointer(panelScratch)
      } else {
        operand = stored.assumingMemoryBound(to: Float.self)
      }
      OpenBLAS.multiplyTransposed(
        x, operand, stride: inputs, to: y[columns: first..<first + count], accumulate: accumulate)
      guard let bias else { return }
      bias.withUnsafeBufferPointer { bias in
        guard let start = bias.baseAddress else { return }
        for row in 0..<y.rows {
          illava_add(y.row(row) + first, start + first, count)
        }
      }
    }
  }

  /// A panel at most `panelColumns` wide, such that every thread has one.
  private func panelWidth(threads: Int) -> Int {
    let perThread = (outputs + threads - 1) / threads
    return max(1, min(Self.panelColumns, perThread))
  }

  private func applyToFewRows(
    _ x: MatrixView, to y: MatrixView, accumulate: Bool, threads: ThreadTeam
  ) throws(Failure) {
    let product = try Matrix(rows: x.rows, columns: outputs)
    // 64 output rows of 2,048 bf16 are 256 KiB: enough to outweigh handing out the task.
    threads.forEachRun(of: outputs, size: 64) { run in
      let stored = weight.base + run.lowerBound * inputs * weight.elementType.size
      for row in 0..<x.rows {
        illava_dot_rows(
          weight.elementType.kernelType, stored, inputs, run.count, x.row(row), inputs,
          product.view.row(row) + run.lowerBound)
      }
    }
    for row in 0..<x.rows {
      if let bias {
        bias.withUnsafeBufferPointer { bias in
          if let start = bias.baseAddress { illava_add(product.view.row(row), start, outputs) }
        }
      }
      if accumulate {
        illava_add(y.row(row), product.view.row(row), outputs)
      } else {
        y.row(row).update(from: product.view.row(row), count: outputs)
      }
    }
  }
}
