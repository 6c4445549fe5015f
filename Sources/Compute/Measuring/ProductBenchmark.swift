import Diagnostics

/// Measures the kind of matrix product that takes most of a model's time.
public enum ProductBenchmark {
  /// GFLOP/s of a linear layer over bf16 weights, or over packed weights of the same shape.
  ///
  /// - Parameters:
  ///   - rows: rows of the input.
  ///   - inputs: elements per input row.
  ///   - outputs: elements per output row.
  ///   - bits: of a weight: 16, 8 or 4.
  ///   - repetitions: the number of runs; the fastest counts.
  /// - Throws: `compute.no-memory`.
  public static func linear(
    rows: Int, inputs: Int, outputs: Int, bits: Int = 16, repetitions: Int = 5,
    threads: ThreadTeam
  ) throws(Failure) -> Double {
    // Two bf16 numbers per f32 of memory. Bit patterns do not affect the speed unless they are
    // subnormal, and 0x3c003c00 is a pair of small normal numbers.
    let stored = try Matrix(rows: outputs, columns: (inputs + 1) / 2)
    stored.base.update(
      repeating: Float(bitPattern: 0x3c00_3c00), count: stored.rows * stored.columns)
    var weights = WeightStorage(
      shape: [outputs, inputs], elementType: .bf16, base: UnsafeRawPointer(stored.base),
      owner: stored)
    weights.mayRoundInputs = true
    let layer = Linear(
      weights: bits < 16
        ? .packed(
          try PackedWeights(
            packing: weights, isFour: bits == 4, in: PackedArena(), threads: threads))
        : .stored(weights))
    let x = try Matrix(rows: rows, columns: inputs)
    x.base.update(repeating: 0.5, count: rows * inputs)
    let y = try Matrix(rows: rows, columns: outputs)
    let clock = ContinuousClock()
    var best = Double.infinity
    for _ in 0..<max(1, repetitions) {
      let start = clock.now
      try layer.apply(x.view, to: y.view, threads: threads)
      best = min(best, (clock.now - start) / .seconds(1))
    }
    return 2e-9 * Double(rows) * Double(inputs) * Double(outputs) / best
  }
}
