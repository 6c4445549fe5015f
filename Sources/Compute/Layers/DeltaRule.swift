import CKernels
import Diagnostics

/// The convolution and the gated delta rule of a Gated DeltaNet layer (arXiv 2412.06464; HF
/// `Qwen3_5GatedDeltaNet`).
///
/// Each value head has a memory S, `[keySize, valueSize]`. A row with query q, key k, value v, decay g
/// and rate β changes it to `S ← e^g S; S ← S + k (β (v − Sᵀk))ᵀ`, and its output is `Sᵀq`. Many rows are
/// computed in chunks, as matrix products with one triangular solve (section 3.3), a few row by row.
public struct DeltaRule: Sendable, Equatable {
  /// Heads of queries and keys.
  public let keyHeads: Int
  /// Heads of values; a multiple of `keyHeads`.
  public let valueHeads: Int
  /// Elements of a query and of a key.
  public let keySize: Int
  /// Elements of a value.
  public let valueSize: Int
  /// Rows that the convolution sees, the newest included.
  public let taps: Int

  /// Rows that are computed together, at most 64.
  public var chunk = maxChunk

  /// The most rows of a chunk.
  public static let maxChunk = Int(ILLAVA_DELTA_CHUNK)
  /// The most rows that the convolution can see.
  public static let maxTaps = Int(ILLAVA_CONVOLUTION_TAPS)
  /// The most rows that are computed row by row.
  private static let fewRows = 4
  /// Added to the sum of squares that queries and keys are divided by (HF `l2norm`).
  private static let epsilon: Float = 1e-6

  /// A rule from its sizes.
  public init(keyHeads: Int, valueHeads: Int, keySize: Int, valueSize: Int, taps: Int) {
    self.keyHeads = keyHeads
    self.valueHeads = valueHeads
    self.keySize = keySize
    self.valueSize = valueSize
    self.taps = taps
  }

  /// Elements of all queries, and of all keys.
  public var keyColumns: Int { keyHeads * keySize }
  /// Elements of all values.
  public var valueColumns: Int { valueHeads * valueSize }
  /// Elements of queries, keys and values of a row, in this order.
  public var channels: Int { 2 * keyColumns + valueColumns }
  /// Columns of a memory: `valueSize` as whole vectors.
  public var width: Int { illava_delta_width(valueSize) }

  /// The scratch elements per thread.
  public var scratchElements: Int { illava_delta_scratch(keySize, valueSize) }

  /// Convolves each channel with its last rows, then applies `x · sigmoid(x)`, in place.
  ///
  /// - Parameters:
  ///   - x: `[rows, channels]`.
  ///   - weights: `[taps, channels]`, the newest row's last.
  ///   - state: the inputs before these rows; afterwards those before the next ones.
  public func convolve(
    _ x: MatrixView, weights: [Float], state: DeltaState, threads: ThreadTeam
  ) {
    weights.withUnsafeBufferPointer { weights in
      guard let base = weights.baseAddress else { return }
      threads.forEachRun(of: channels, size: 64) { run in
        var work = illava_convolution(
          x: x.base, before: state.inputs.base, weights: base, stride: x.stride, rows: x.rows,
          channels: channels, first: run.lowerBound, end: run.upperBound, taps: taps)
        illava_causal_convolution(&work)
      }
    }
  }

  /// Turns the outputs of two products into the decay and the rate of every row and head, in place.
  ///
  /// - Parameters:
  ///   - a: `[rows, valueHeads]`, becomes `−rate · log(1 + e^(a + bias))`.
  ///   - b: `[rows, valueHeads]`, becomes `sigmoid(b)`.
  ///   - rate: `[valueHeads]`.
  ///   - bias: `[valueHeads]`.
  public func gates(
    _ a: MatrixView, _ b: MatrixView, rate: [Float], bias: [Float], threads: ThreadTeam
  ) {
    threads.forEachRun(of: a.rows, size: 64) { run in
      for row in run { illava_delta_gates(a.row(row), b.row(row), rate, bias, valueHeads) }
    }
  }

  /// Applies the rule to some rows, one after the other.
  ///
  /// - Parameters:
  ///   - x: `[rows, channels]`: queries, keys and values after the convolution. Queries and keys are
  ///     normalized in place, and the outputs take the place of the values.
  ///   - decay: `[rows, valueHeads]`, at most 0.
  ///   - rate: `[rows, valueHeads]`, with the same stride.
  ///   - state: what the layer remembers; changed.
  /// - Throws: `compute.no-memory`.
  public func apply(
    _ x: MatrixView, decay: MatrixView, rate: MatrixView, state: DeltaState, threads: ThreadTeam
  ) throws(Failure) {
    normalize(x, threads: threads)
    let isChunked = x.rows > Self.fewRows
    let scratch = try threads.scratch(elements: isChunked ? scratchElements : 0)
    let values = x.base + 2 * keyColumns
    threads.forEach(valueHeads) { head, thread in
      let key = head * keyHeads / valueHeads * keySize
      let own = values + head * valueSize
      var work = illava_delta(
        queries: x.base + key, keys: x.base + keyColumns + key, values: own,
        decay: decay.base + head, beta: rate.base + head, output: own,
        state: state.memory.view.row(head * keySize), stride: x.stride, gate_stride: decay.stride,
        rows: x.rows, key_size: keySize, value_size: valueSize,
        chunk: min(max(1, chunk), Self.maxChunk))
      if isChunked {
        illava_delta_chunks(&work, scratch.row(thread))
      } else {
        illava_delta_steps(&work)
      }
    }
    state.count += x.rows
  }

  /// Divides every query and key by its length, and queries by `√keySize` once more. The norm is that of
  /// root mean squares with other constants: `x / √(Σx² + ε) = x / √(mean(x²) + ε/n) / √n`.
  private func normalize(_ x: MatrixView, threads: ThreadTeam) {
    let size = Float(keySize)
    let epsilon = Self.epsilon / size
    let query = RMSNorm(weight: Array(repeating: 1 / size, count: keySize), epsilon: epsilon)
    let key = RMSNorm(
      weight: Array(repeating: 1 / size.squareRoot(), count: keySize), epsilon: epsilon)
    threads.forEachRun(of: x.rows, size: 16) { run in
      for row in run {
        query.applyInPlace(x.row(row), count: keyHeads)
        key.applyInPlace(x.row(row) + keyColumns, count: keyHeads)
      }
    }
  }
}
