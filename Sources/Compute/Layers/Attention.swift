import CKernels
import Diagnostics

@preconcurrency import Glibc

/// Scaled dot-product attention over all rows of one segment or prompt at once.
///
/// Each head is one task. Its queries are computed in blocks whose logits, `[block, keys]`, fit into a
/// core's cache, so a matrix `[queries, keys]` never exists. On 3,136 rows of 64 the kernel took 0.57 to
/// 0.72 of the time of the same blocks through OpenBLAS (AVX-512). Grouped queries share the keys and
/// values of head `h · keyValueHeads / heads`.
public struct Attention: Sendable {
  /// The scores of its rows that attention can report, for merging.
  public enum Score: Sendable {
    /// The attention that a row receives: the softmax column's mean over heads and queries (iLLaVA,
    /// arXiv 2412.06263, eq. 3).
    case received
    /// The same summed over the queries: 1 on the average, whatever the size of the part, so that rows of
    /// large and of small parts can be compared.
    case receivedSum
    /// The log-sum-exp of the row's own logits, mean over heads.
    case logSumExp
    /// The attention that a row receives from the last rows, this many; mean over heads and those rows.
    case lastQueries(Int)
  }

  /// Query heads.
  public let heads: Int
  /// Key and value heads; divides `heads`.
  public let keyValueHeads: Int
  /// Elements per head.
  public let headSize: Int
  /// Whether row `i` sees rows `0...i` only.
  public let causal: Bool

  /// Whether queries, keys, values and exponentials may be rounded to bf16, where the processor
  /// multiplies bf16 faster. Logits, sums and scores are always f32.
  public var mayRound = false

  /// The factor on the logits, `1 / √headSize`.
  public var scale: Float { 1 / Float(headSize).squareRoot() }

  /// Attention of a given shape.
  public init(heads: Int, keyValueHeads: Int, headSize: Int, causal: Bool) {
    self.heads = heads
    self.keyValueHeads = keyValueHeads
    self.headSize = headSize
    self.causal = causal
  }

  /// Attends from every row to every row (or, if causal, to the rows before it). Outside causal attention
  /// and parts there may be more keys than queries: the first keys are then those of the queries' rows.
  ///
  /// - Parameters:
  ///   - queries: `[queries, heads · headSize]`, rotated.
  ///   - keys: `[rows, keyValueHeads · headSize]`, rotated.
  ///   - values: `[rows, keyValueHeads · headSize]`.
  ///   - output: `[queries, heads · headSize]`.
  ///   - keyBias: `[rows]`, added to every query's logits for that key; empty for none. The logarithm of n
  ///     makes a key count as n equal ones (proportional attention: ToMe, arXiv 2210.09461, eq. 1).
  ///   - parts: the parts that attend to themselves only; `nil` where all rows attend to each other.
  ///   - score: the score to report about the rows; `nil` for none.
  /// - Returns: `[rows]` scores; empty without a score.
  /// - Throws: `compute.no-memory` when there is no memory for the logits.
  public func apply(
    queries: MatrixView, keys: MatrixView, values: MatrixView, output: MatrixView,
    keyBias: [Float] = [], parts: AttentionParts? = nil, score: Score? = nil, threads: ThreadTeam
  ) throws(Failure) -> [Float] {
    let rows = keys.rows
    guard queries.rows > 0 else { return [] }
    try check(keyBias, parts, queries: queries.rows, rows: rows)
    let scratch = try threads.scratch(
      elements: Self.scratchElements(rows: parts?.longest ?? rows, headSize: headSize))
    // One row of scores per head, summed in order afterwards, so that the result does not depend on
    // which thread computed which head.
    let headScores = try Matrix(rows: score == nil ? 0 : heads, columns: rows)
    var scoreQueries = 0
    if case .lastQueries(let count) = score { scoreQueries = min(queries.rows, max(1, count)) }
    let pairs: Int32 =
      mayRound && illava_product_of(illava_bf16) == illava_product_bf16 ? 1 : 0
    let ranges = parts?.ranges ?? [0..<rows]
    let biases = keyBias.isEmpty ? [] : parts?.gathered(keyBias) ?? keyBias
    biases.withUnsafeBufferPointer { bias in
      (parts?.rows ?? []).withUnsafeBufferPointer { places in
        threads.forEach(ranges.count * heads) { task, thread in
          let (part, head) = task.quotientAndRemainder(dividingBy: heads)
          let start = ranges[part].lowerBound
          let own = head * headSize
          let shared = head * keyValueHeads / heads * headSize
          var work = illava_attention(
            queries: queries.base + own, keys: keys.base + shared, values: values.base + shared,
            key_bias: bias.isEmpty ? nil : bias.baseAddress.map { $0 + start },
            output: output.base + own,
            scores: score == nil ? nil : headScores.view.row(head) + start,
            places: places.isEmpty ? nil : places.baseAddress.map { $0 + start },
            query_stride: queries.stride, key_stride: keys.stride, value_stride: values.stride,
            output_stride: output.stride,
            query_rows: parts == nil ? queries.rows : ranges[part].count, rows: ranges[part].count,
            head_size: headSize,
            scale: scale, causal: causal ? 1 : 0, pairs: pairs,
            score: score?.kernelScore ?? illava_score_none, score_queries: scoreQueries)
          illava_attention_head(&work, scratch.row(thread))
        }
      }
    }
    guard let score else { return [] }
    let scores = mean(
      headScores, rows: rows,
      divisor: heads * score.divisor(rows: queries.rows, queries: scoreQueries))
    return parts?.scattered(scores) ?? scores
  }

  private func check(
    _ keyBias: [Float], _ parts: AttentionParts?, queries: Int, rows: Int
  ) throws(Failure) {
    guard queries == rows || (queries < rows && !causal && parts == nil) else {
      throw Failure(
        .fault, code: .computeParts,
        "\(queries) queries cannot attend to \(rows) keys here")
    }
    guard keyBias.isEmpty || keyBias.count == rows else {
      throw Failure(
        .fault, code: .computeKeyBias, "\(keyBias.count) biases were given for \(rows) keys")
    }
    guard parts?.covers(rows) ?? true else {
      throw Failure(
        .fault, code: .computeParts, "the parts do not hold each of the \(rows) rows once")
    }
  }

  /// The scratch elements per thread for this many rows.
  public static func scratchElements(rows: Int, headSize: Int) -> Int {
    rows == 0 ? 0 : illava_attention_scratch(rows, headSize)
  }

  private func mean(_ headScores: Matrix, rows: Int, divisor: Int) -> [Float] {
    var sums = [Float](repeating: 0, count: rows)
    for head in 0..<heads { illava_add(&sums, headScores.view.row(head), rows) }
    for row in 0..<rows { sums[row] /= Float(divisor) }
    return sums
  }

  /// Attends from one new row to all rows in the cache, including its own key and value.
  ///
  /// - Parameters:
  ///   - query: `[heads · headSize]`, rotated.
  ///   - cache: the layer's keys and values.
  ///   - output: `[heads · headSize]`.
  /// - Throws: `compute.no-memory` when there is no memory for the logits.
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
        // Keys that were appended later have no bias.
        illava_axpy(probabilities, 1 / scale, cache.keyBias, cache.keyBias.count)
        _ = illava_softmax(probabilities, cache.count, scale)
        illava_weighted_rows(
          cache.elementType.kernelType, cache.values(head: shared), headSize, cache.count,
          probabilities, headSize, output + head * headSize)
      }
    }
  }
}

extension Attention.Score {
  /// The kernel's constant for this score.
  fileprivate var kernelScore: illava_score {
    switch self {
    case .received, .receivedSum: illava_score_received
    case .logSumExp: illava_score_log_sum_exp
    case .lastQueries: illava_score_last_queries
    }
  }

  /// The queries that the kernel's sums are divided by.
  fileprivate func divisor(rows: Int, queries: Int) -> Int {
    switch self {
    case .received: rows
    case .receivedSum, .logSumExp: 1
    case .lastQueries: queries
    }
  }
}
