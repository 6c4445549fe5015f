import Compute

/// The factors on what half a block adds to its rows, one for each element (LayerScale: arXiv 2103.17239,
/// section 2.1).
package struct LayerScale: Sendable {
  /// `[hidden]`.
  private let factors: [Float]

  /// A scale from its factors.
  package init(_ factors: [Float]) { self.factors = factors }

  /// `x += factors · branch`, row by row; both `[rows, hidden]`.
  func add(_ branch: MatrixView, to x: MatrixView, threads: ThreadTeam) {
    threads.forEachRun(of: x.rows, size: 64) { run in
      factors.withUnsafeBufferPointer { factors in
        for row in run {
          let (source, target) = (branch.row(row), x.row(row))
          for element in factors.indices {
            target[element] += factors[element] * source[element]
          }
        }
      }
    }
  }
}
