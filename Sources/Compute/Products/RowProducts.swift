import CKernels
import Diagnostics

/// Dot products of rows with rows, for comparing the rows of a segment with each other.
public enum RowProducts {
  /// The products that a thread holds at a time: 1 MiB.
  private static let blockElements = 1 << 18

  /// Computes `a bᵀ` one block of rows of `a` at a time, so that `[a.rows, b.rows]` is never in memory.
  ///
  /// The blocks depend on the extents only, so results do not depend on the number of threads.
  ///
  /// - Parameters:
  ///   - a: `[m, k]`.
  ///   - b: `[n, k]`.
  ///   - body: called for every block with its range of rows of `a` and their products, `[block, n]`;
  ///     several threads call it at a time.
  /// - Throws: `compute.no-memory` when there is no memory for the blocks.
  public static func forEachBlock(
    _ a: MatrixView, _ b: MatrixView, threads: ThreadTeam,
    _ body: (_ rows: Range<Int>, _ products: MatrixView) -> Void
  ) throws(Failure) {
    guard a.rows > 0, b.rows > 0 else { return }
    let block = max(1, min(a.rows, min(256, blockElements / b.rows)))
    let isOwn = illava_product_of(illava_f32) != illava_product_none
    let panels = isOwn ? illava_product_scratch() : 0
    let scratch = try threads.scratch(elements: block * b.rows + panels)
    threads.forEach((a.rows + block - 1) / block) { task, thread in
      let run = task * block..<min(a.rows, (task + 1) * block)
      let products = MatrixView(
        base: scratch.row(thread), rows: run.count, columns: b.rows, stride: b.rows)
      if isOwn {
        multiply(a[rows: run], b, to: products, panels: scratch.row(thread) + block * b.rows)
      } else {
        OpenBLAS.multiplyTransposed(a[rows: run], b.base, stride: b.stride, to: products)
      }
      body(run, products)
    }
  }

  /// `products = a bᵀ` with the kernels of the path in use.
  private static func multiply(
    _ a: MatrixView, _ b: MatrixView, to products: MatrixView,
    panels: UnsafeMutablePointer<Float>
  ) {
    for first in stride(from: 0, to: b.rows, by: ILLAVA_PRODUCT_PANEL) {
      var work = illava_product(
        type: illava_f32, pairs: 0, accumulate: 0, weights: b.row(first), x: a.base, bias: nil,
        y: products.base + first, weight_stride: b.stride, x_stride: a.stride,
        y_stride: products.stride, rows: a.rows, columns: min(ILLAVA_PRODUCT_PANEL, b.rows - first),
        inputs: a.columns)
      illava_panel_product(&work, panels)
    }
  }

  /// Computes the product of every row with one vector.
  ///
  /// - Parameters:
  ///   - rows: `[n, k]`.
  ///   - vector: `[k]`.
  ///   - products: `[n]`.
  public static func apply(
    _ rows: MatrixView, with vector: UnsafePointer<Float>,
    to products: UnsafeMutablePointer<Float>, threads: ThreadTeam
  ) {
    threads.forEachRun(of: rows.rows, size: 64) { run in
      illava_dot_rows(
        illava_f32, rows.row(run.lowerBound), rows.stride, run.count, vector, rows.columns,
        products + run.lowerBound)
    }
  }
}
