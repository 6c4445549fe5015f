import CKernels

/// The activation functions between linear layers, computed in place.
public enum Activation: String, Sendable {
  /// The tanh form of GELU (`gelu_pytorch_tanh`).
  case geluTanh = "gelu_pytorch_tanh"
  /// GELU with the error function (`gelu`).
  case gelu
  /// `x · sigmoid(1.702 x)`.
  case geluQuick = "quick_gelu"
  /// `x · sigmoid(x)`.
  case silu

  /// Applies the function to every element of `x`.
  public func apply(_ x: MatrixView, threads: ThreadTeam) {
    threads.forEachRun(of: x.rows, size: 16) { run in
      for row in run {
        switch self {
        case .geluTanh: illava_gelu_tanh(x.row(row), x.columns)
        case .gelu: illava_gelu_erf(x.row(row), x.columns)
        case .geluQuick: illava_gelu_quick(x.row(row), x.columns)
        case .silu: Self.siluAlone(x.row(row), x.columns)
        }
      }
    }
  }

  private static func siluAlone(_ x: UnsafeMutablePointer<Float>, _ count: Int) {
    let ones = [Float](repeating: 1, count: count)
    illava_silu_multiply(x, ones, count)
  }

  /// `x = x · sigmoid(gate)`, both `[rows, columns]`.
  public static func multiply(_ x: MatrixView, bySigmoidOf gate: MatrixView, threads: ThreadTeam) {
    threads.forEachRun(of: x.rows, size: 16) { run in
      for row in run { illava_sigmoid_multiply(x.row(row), gate.row(row), x.columns) }
    }
  }

  /// `gate = silu(gate) · up`, the middle of a SwiGLU block; both `[rows, columns]`.
  public static func silu(gate: MatrixView, times up: MatrixView, threads: ThreadTeam) {
    threads.forEachRun(of: gate.rows, size: 16) { run in
      for row in run { illava_silu_multiply(gate.row(row), up.row(row), gate.columns) }
    }
  }
}
