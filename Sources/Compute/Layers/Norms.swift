import CKernels

/// Layer normalization over the last axis: `(x − mean) / √(var + ε) · weight + bias`.
public struct LayerNorm: Sendable {
  /// `[columns]`.
  public let weight: [Float]
  /// `[columns]`.
  public let bias: [Float]
  /// Added to the variance.
  public let epsilon: Float

  /// A norm with its learned scale and shift.
  public init(weight: [Float], bias: [Float], epsilon: Float) {
    self.weight = weight
    self.bias = bias
    self.epsilon = epsilon
  }

  /// Normalizes every row of `x` (`[rows, columns]`) into `output` of the same extents.
  public func apply(_ x: MatrixView, to output: MatrixView, threads: ThreadTeam) {
    threads.forEachRun(of: x.rows, size: 64) { run in
      for row in run {
        illava_layer_norm(x.row(row), output.row(row), weight, bias, x.columns, epsilon)
      }
    }
  }
}

/// Root-mean-square normalization over the last axis: `x / √(mean(x²) + ε) · weight`.
public struct RMSNorm: Sendable {
  /// `[columns]`.
  public let weight: [Float]
  /// Added to the mean square.
  public let epsilon: Float

  /// A norm with its learned scale.
  public init(weight: [Float], epsilon: Float) {
    self.weight = weight
    self.epsilon = epsilon
  }

  /// Normalizes every row of `x` (`[rows, columns]`) into `output` of the same extents.
  public func apply(_ x: MatrixView, to output: MatrixView, threads: ThreadTeam) {
    threads.forEachRun(of: x.rows, size: 64) { run in
      for row in run {
        illava_rms_norm(x.row(row), output.row(row), weight, x.columns, epsilon)
      }
    }
  }

  /// Normalizes `count` vectors that lie one after another at `x`, in place: the q and k norms.
  public func applyInPlace(_ x: UnsafeMutablePointer<Float>, count: Int) {
    for index in 0..<count {
      let vector = x + index * weight.count
      illava_rms_norm(vector, vector, weight, weight.count, epsilon)
    }
  }

  /// Normalizes every head of every row in place, then multiplies it by `gate · sigmoid(gate)`.
  ///
  /// - Parameters:
  ///   - x: `[rows, heads · weight.count]`.
  ///   - gate: the same extents.
  public func apply(_ x: MatrixView, gate: MatrixView, threads: ThreadTeam) {
    let size = weight.count
    threads.forEachRun(of: x.rows, size: 16) { run in
      for row in run {
        for head in 0..<x.columns / size {
          illava_gated_norm(
            x.row(row) + head * size, gate.row(row) + head * size, weight, size, epsilon)
        }
      }
    }
  }
}
