import CKernels
import Diagnostics

/// `y = x Wᵀ + b` over weights as stored, for many rows, on kernel paths that have such products.
///
/// A task converts the weights of 64 outputs to the kernel's order, one block at a time, and multiplies
/// all rows with it. One thread took 0.55 to 0.6 of the time of widening a panel for OpenBLAS at 64
/// rows, 0.75 at 230 and 0.9 to 0.97 at 784 (AVX-512, 2,048 inputs). Where the processor multiplies
/// pairs of bf16, the rows of `x` are rounded to bf16 first, once for all tasks.
struct StoredProduct {
  let weight: WeightStorage
  let inputs: Int
  let outputs: Int
  let bias: [Float]?

  /// Rows rounded to bf16 at a time; weights are read once per this many rows.
  private static let runRows = 86 * ILLAVA_PRODUCT_ROWS

  /// Whether the kernel path in use has products for weights of this type.
  static func serves(_ type: ElementType) -> Bool {
    illava_product_of(type.kernelType) != illava_product_none
  }

  private var roundsInput: Bool {
    weight.mayRoundInputs
      && illava_product_of(weight.elementType.kernelType) == illava_product_bf16
  }

  /// The number of bf16 pairs per row; each takes the space of an f32.
  private var pairs: Int { (inputs + 1) / 2 }

  /// The scratch elements per thread: a panel, and its share of the rounded rows.
  func scratchElements(threads: Int) -> Int {
    scratchElements(rows: Self.runRows, threads: threads)
  }

  private func scratchElements(rows: Int, threads: Int) -> Int {
    illava_product_scratch() + (roundsInput ? (rows * pairs + threads - 1) / threads : 0)
  }

  func apply(
    _ x: MatrixView, to y: MatrixView, accumulate: Bool, threads: ThreadTeam
  ) throws(Failure) {
    let most = roundsInput ? Self.runRows : max(1, x.rows)
    for first in stride(from: 0, to: x.rows, by: most) {
      let rows = first..<min(x.rows, first + most)
      let elements = scratchElements(rows: rows.count, threads: threads.count)
      let scratch = try threads.scratch(elements: elements).base
      var input = x[rows: rows]
      var panels = scratch
      if roundsInput {
        input = rounded(input, into: scratch, threads: threads)
        panels += rows.count * pairs
      }
      multiply(input, to: y[rows: rows], accumulate: accumulate, panels: panels, threads: threads)
    }
  }

  /// Rounds the rows to pairs of bf16, `[rows, pairs]`; an odd last input is paired with zero.
  private func rounded(
    _ x: MatrixView, into scratch: UnsafeMutablePointer<Float>, threads: ThreadTeam
  ) -> MatrixView {
    let pairs = MatrixView(base: scratch, rows: x.rows, columns: pairs, stride: pairs)
    threads.forEachRun(of: x.rows, size: 16) { run in
      for row in run {
        pairs.row(row)[pairs.columns - 1] = 0
        illava_narrow(illava_bf16, x.row(row), pairs.row(row), inputs)
      }
    }
    return pairs
  }

  private func multiply(
    _ x: MatrixView, to y: MatrixView, accumulate: Bool, panels: UnsafeMutablePointer<Float>,
    threads: ThreadTeam
  ) {
    let panel = ILLAVA_PRODUCT_PANEL
    let panelScratch = illava_product_scratch()
    let pairs: Int32 = roundsInput ? 1 : 0
    threads.forEach((outputs + panel - 1) / panel) { task, thread in
      let first = task * panel
      func multiply(_ bias: UnsafePointer<Float>?) {
        var work = illava_product(
          type: weight.elementType.kernelType, pairs: pairs, accumulate: accumulate ? 1 : 0,
          weights: weight.base + first * inputs * weight.elementType.size, x: x.base, bias: bias,
          y: y.base + first, weight_stride: inputs, x_stride: x.stride, y_stride: y.stride,
          rows: x.rows, columns: min(panel, outputs - first), inputs: inputs)
        illava_panel_product(&work, panels + thread * panelScratch)
      }
      guard let bias else {
        multiply(nil)
        return
      }
      bias.withUnsafeBufferPointer { multiply($0.baseAddress.map { $0 + first }) }
    }
  }
}
