import CKernels
import Diagnostics

@preconcurrency import Glibc

/// Scaled dot-product attention over all rows of one segment or prompt at once.
///
/// A head is one task; its queries go in blocks, so that the logits in memory are
/// `[block, keys]` per thread and never `[queries, keys]`. Grouped queries share the keys and values
/// of head `h · keyValueHeads / heads`.
public struct Attention: Sendable {
  /// What attention tells about its rows, for merging.
  public enum Score: Sendable {
    /// The mean over heads and queries of the softmax column: how much a row is looked at
    /// (iLLaVA, eq. 3).
    case received
    /// The mean over heads of the log-sum-exp of the row's own logits.
    case logSumExp
    /// The attention of the last row, mean over heads.
    case lastQuery
  }

  /// Query heads.
  public let heads: Int
  /// Key and value heads; divides `heads`.
  public let keyValueHeads: Int
  /// Elements per head.
  public let headSize: Int
  /// Whether row `i` sees rows `0...i` only.
  public let causal: Bool

  /// The factor on the logits, `1 / √headSize`.
  public var scale: Float { 1 / Float(headSize).squareRoot() }

  /// Logits a thread holds at a time: 4 MiB, about what stays in a core's share of the cache.
  private static let blockElements = 1 << 20

  /// Attention of a given shape.
  public init(heads: Int, keyValueHeads: Int, headSize: Int, causal: Bool) {
    self.heads = heads
    self.keyValueHeads = keyValueHeads
    self.headSize = headSize
    self.causal = causal
  }

  /// Attends from every row to every row (or, if causal, to the rows before it).
  ///
  /// - Parameters:
  ///   - queries: `[rows, heads · headSize]`, rotated.
  ///   - keys: `[rows, keyValueHeads · headSize]`, rotated.
  ///   - values: `[rows, keyValueHeads · headSize]`.
  ///   - output: `[rows, heads · headSize]`.
  ///   - score: what to report about the rows.
  /// - Returns: `[rows]` scores, or nothing when none were asked for.
  /// - Throws: `compute.no-memory` when there is none for the logits.
  public func apply(
    queries: MatrixView, keys: MatrixView, values: MatrixView, output: MatrixView,
    score: Score? = nil, threads: ThreadTeam
  ) throws(Failure) -> [Float] {
    let rows = queries.rows
    guard rows > 0 else { return [] }
    let block = Self.block(rows: rows)
    let scratch = try threads.scratch(elements: Self.scratchElements(rows: rows))
    // One row of scores per head, summed in order afterwards: the result does not depend on which
    // thread took which head.
    let headScores = try Matrix(rows: score == nil ? 0 : heads, columns: rows)
    threads.forEach(heads) { head, thread in
      let logits = scratch.row(thread)
      let own = head * headSize..<(head + 1) * headSize
      let shared = head * keyValueHeads / heads * headSize
      for first in stride(from: 0, to: rows, by: block) {
        let range = first..<min(rows, first + block)
        let visible = causal ? range.upperBound : rows
        let part = MatrixView(
          base: logits, rows: range.count, columns: visible, stride: visible)
        OpenBLAS.multiplyTransposed(
          queries[rows: range][columns: own], keys.base + shared, stride: keys.stride, to: part)
        softmax(part, firstQuery: first, score: score, into: score == nil ? nil : headScores, head)
        OpenBLAS.multiply(
          part, values.base + shared, stride: values.stride,
          to: output[rows: range][columns: own])
      }
    }
    guard let score else { return [] }
    return mean(headScores, rows: rows, divisor: score == .received ? heads * rows : heads)
  }

  /// Queries whose logits a thread holds at a time.
  private static func block(rows: Int) -> Int { min(rows, max(16, min(256, blockElements / rows))) }

  /// Scratch elements that every thread needs for the logits of this many rows.
  public static func scratchElements(rows: Int) -> Int {
    rows == 0 ? 0 : block(rows: rows) * rows
  }

  /// Turns a block of logits into probabilities and collects what the score needs.
  private func softmax(
    _ block: MatrixView, firstQuery: Int, score: Score?, into headScores: Matrix?, _ head: Int
  ) {
    let scores = headScores?.view.row(head)
    for row in 0..<block.rows {
      let query = firstQuery + row
      let seen = causal ? query + 1 : block.columns
      let logits = block.row(row)
      let columnSums = score == .received ? scores : nil
      let logSumExp = illava_softmax(logits, seen, scale, columnSums)
      if seen < block.columns {
        (logits + seen).update(repeating: 0, count: block.columns - seen)
      }
      if score == .logSumExp { scores?[query] = logSumExp }
    }
    if score == .lastQuery, let scores {
      // The last block's last row is the last query; earlier blocks are simply overwritten.
      scores.update(from: block.row(block.rows - 1), count: block.columns)
    }
  }

  private func mean(_ headScores: Matrix, rows: Int, divisor: Int) -> [Float] {
    var sums = [Float](repeating: 0, count: rows)
    for head in 0..<heads { illava_add(&sums, headScores.view.row(head), rows) }
    for row in 0..<rows { sums[row] /= Float(divisor) }
    return sums
  }

  /// Attends from one new row to everything in the cache, the row's own key and value included.
  ///
  /// - Parameters:
  ///   - query: `[heads · headSize]`, rotated.
  ///   - cache: the layer's keys and values.
  ///   - output: `[heads · headSize]`.
  /// - Throws: `compute.no-memory` when there is none for the logits.
  public func decode(
    query: UnsafePointer<Float>, cache: LayerCache, output: UnsafeMutablePointer<Float>,
    threads: ThreadTeam
  ) throws(Failure) {
    let scratch = try threads.scratch(elements: cache.count)
    let group = heads / keyValueHeads
    threads.forEach(keyValueHeads) { shared, thread in
      let probabilities = scratch.row(thread)
      for head in shared * group..<(shared + 1) * group {
        illava_dot_rows(
          cache.elementType.kernelType, cache.keys(head: shared), headSize, cache.count,
          query + head * headSize, headSize, probabilities)
        _ = illava_softmax(probabilities, cache.count, scale, nil)
        illava_weighted_rows(
          cache.elementType.kernelType, cache.values(head: shared), headSize, cache.count,
          probabilities, headSize, output + head * headSize)
      }
    }
  }
}
