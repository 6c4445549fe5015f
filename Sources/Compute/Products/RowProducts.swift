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
    let scratch = try threads.scratch(elements: block * b.rows)
    threads.forEach((a.rows + block - 1) / block) { task, thread in
      let run = task * block..<min(a.rows, (task + 1) * block)
      let products = MatrixView(
        base: scratch.row(thread), rows: run.count, columns: b.rows, stride: b.rows)
      OpenBLAS.multiplyTransposed(a[rows: run], b.base, stride: b.stride, to: products)
      body(run, products)
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
