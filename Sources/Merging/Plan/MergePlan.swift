import Compute
import Options

/// The rows of one segment that survive a merging layer, and the rows that are averaged into them.
///
/// A plan is linear and does not depend on the data it is applied to: the same plan is applied to hidden
/// states, to features taken earlier and to source maps. Positions are not averaged; `kept` selects
/// them.
public struct MergePlan: Sendable, Equatable {
  /// Indices of the surviving rows, ascending.
  public let kept: [Int]
  /// Indices of the rows that receive others; all of them are kept.
  public let receivers: [Int]
  /// `[receivers.count]`: the number of rows that flow into each receiver.
  public let donorCounts: [Int]
  /// Indices of the rows that are averaged into a receiver, receiver after receiver; none of them
  /// receives.
  public let donors: [Int]
  /// The donors' weights, one per donor.
  public let weights: [Float]
  /// `[receivers.count]`: the factor on each receiver's sum; 1/2 in modes 2 and 3.
  public let factors: [Float]

  /// A plan whose receivers all have the same number of donors and the factor 1/2.
  public init(kept: [Int], receivers: [Int] = [], donors: [Int] = [], weights: [Float] = []) {
    self.kept = kept
    self.receivers = receivers
    donorCounts = receivers.map { _ in donors.count / receivers.count }
    self.donors = donors
    self.weights = weights
    factors = receivers.map { _ in 0.5 }
  }

  /// A plan that replaces rows by weighted means.
  ///
  /// - Parameters:
  ///   - clusters: the rows of each survivor, its own index first; every row is in exactly one cluster.
  ///   - sizes: `[rows]`, the weight of each row: how many original rows it stands for; empty for 1
  ///     each.
  public init(averaging clusters: [[Int]], sizes: [Float] = []) {
    let ordered = clusters.filter { !$0.isEmpty }.sorted { $0[0] < $1[0] }
    let several = ordered.filter { $0.count > 1 }
    kept = ordered.map { $0[0] }
    receivers = several.map { $0[0] }
    donorCounts = several.map { $0.count - 1 }
    donors = several.flatMap { $0.dropFirst() }
    if sizes.isEmpty {
      weights = donors.map { _ in 1 }
      factors = several.map { 1 / Float($0.count) }
    } else {
      weights = several.flatMap { cluster in
        cluster.dropFirst().map { sizes[$0] / sizes[cluster[0]] }
      }
      factors = several.map { cluster in
        sizes[cluster[0]] / cluster.reduce(0) { $0 + sizes[$1] }
      }
    }
  }

  /// The plan of some rows of a larger whole, all other rows of which are kept as they are.
  ///
  /// - Parameters:
  ///   - plan: a plan of these rows only.
  ///   - rows: their indices in the whole, ascending.
  ///   - count: rows of the whole.
  public init(_ plan: MergePlan, of rows: [Int], among count: Int) {
    var isLeft = [Bool](repeating: true, count: count)
    for row in rows { isLeft[row] = false }
    for row in plan.kept { isLeft[rows[row]] = true }
    kept = isLeft.indices.filter { isLeft[$0] }
    receivers = plan.receivers.map { rows[$0] }
    donors = plan.donors.map { rows[$0] }
    donorCounts = plan.donorCounts
    weights = plan.weights
    factors = plan.factors
  }

  /// How many original rows each survivor stands for after the merge, `[kept]`.
  ///
  /// - Parameter sizes: `[rows]`, how many original rows each row stood for before.
  public func sizes(after sizes: [Float]) -> [Float] {
    var sums = sizes
    var first = 0
    for (index, receiver) in receivers.enumerated() {
      for donor in first..<first + donorCounts[index] { sums[receiver] += sizes[donors[donor]] }
      first += donorCounts[index]
    }
    return kept.map { sums[$0] }
  }

  /// What each survivor stands for after the merge, `[kept]`.
  ///
  /// - Parameters:
  ///   - members: `[rows]`, what each row stood for before.
  ///   - mode: whether a receiver also stands for its donors.
  public func members(of members: [[Int]], _ mode: MergeMode) -> [[Int]] {
    guard mode.isWeighted else { return kept.map { members[$0] } }
    var result = members
    var first = 0
    for (index, receiver) in receivers.enumerated() {
      for donor in first..<first + donorCounts[index] {
        result[receiver] += members[donors[donor]]
      }
      first += donorCounts[index]
    }
    return kept.map { result[$0] }
  }

  /// Updates the receiving rows, `f[c] ← (f[c] + Σ weight · f[donor]) · factor[c]`, in place.
  ///
  /// - Parameter rows: `[rows, columns]`, all rows of the segment before merging.
  public func receive(in rows: MatrixView) {
    guard !donors.isEmpty else { return }
    var sum = [Float](repeating: 0, count: rows.columns)
    var first = 0
    for (index, receiver) in receivers.enumerated() {
      sum.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
      for donor in first..<first + donorCounts[index] {
        Vector.add(
          rows.row(donors[donor]), times: weights[donor], to: &sum, count: rows.columns)
      }
      first += donorCounts[index]
      Vector.addAndScale(sum, by: factors[index], to: rows.row(receiver), count: rows.columns)
    }
  }

  /// Updates the receivers, then moves the kept rows together.
  ///
  /// - Parameters:
  ///   - rows: `[rows, columns]`, all rows of the segment; overwritten.
  ///   - destination: where the first kept row goes: the start of `rows`, or an earlier place in the
  ///     same block, with the same stride.
  public func apply(_ rows: MatrixView, to destination: UnsafeMutablePointer<Float>) {
    receive(in: rows)
    for (index, row) in kept.enumerated() {
      // Kept rows only ever move towards the start, so none is overwritten before it has moved.
      let target = destination + index * rows.stride
      if target != rows.row(row) { target.update(from: rows.row(row), count: rows.columns) }
    }
  }
}
