import Compute

/// Which rows of one segment survive a merging layer, and what flows into the recycled ones.
///
/// A plan is linear and knows nothing of what it is applied to: the same plan goes over hidden
/// states, over DeepStack features taken earlier and over source maps. Positions are only gathered,
/// by `kept`.
public struct MergePlan: Sendable, Equatable {
  /// Indices of the surviving rows, ascending.
  public let kept: [Int]
  /// Indices of the rows that receive; all of them are kept.
  public let recycled: [Int]
  /// `[recycled.count, donorsPerRecycled]` indices of the rows that give; none of them receives.
  public let donors: [Int]
  /// The donors' weights, of the same shape.
  public let weights: [Float]

  /// How many rows flow into each recycled one.
  public var donorsPerRecycled: Int { recycled.isEmpty ? 0 : donors.count / recycled.count }

  /// A plan from its parts.
  public init(kept: [Int], recycled: [Int] = [], donors: [Int] = [], weights: [Float] = []) {
    self.kept = kept
    self.recycled = recycled
    self.donors = donors
    self.weights = weights
  }

  /// Updates the recycled rows, `f[c] ← (f[c] + Σ weight · f[donor]) / 2`, in place.
  ///
  /// - Parameter rows: `[rows, columns]`, all rows of the segment before merging.
  public func recycle(in rows: MatrixView) {
    let perRow = donorsPerRecycled
    guard perRow > 0 else { return }
    var sum = [Float](repeating: 0, count: rows.columns)
    for (index, receiver) in recycled.enumerated() {
      sum.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
      for donor in index * perRow..<(index + 1) * perRow {
        Vector.add(
          rows.row(donors[donor]), times: weights[donor], to: &sum, count: rows.columns)
      }
      Vector.addAndScale(sum, by: 0.5, to: rows.row(receiver), count: rows.columns)
    }
  }

  /// Recycles, then moves the kept rows together.
  ///
  /// - Parameters:
  ///   - rows: `[rows, columns]`, all rows of the segment; its contents are used up.
  ///   - destination: where the first kept row goes: the start of `rows`, or anywhere before it in
  ///     the same block, with the same distance between rows.
  public func apply(_ rows: MatrixView, to destination: UnsafeMutablePointer<Float>) {
    recycle(in: rows)
    for (index, row) in kept.enumerated() {
      // Kept rows only ever move towards the start, so none is overwritten before it has moved.
      let target = destination + index * rows.stride
      if target != rows.row(row) { target.update(from: rows.row(row), count: rows.columns) }
    }
  }
}
