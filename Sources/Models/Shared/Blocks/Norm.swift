import Compute

/// The norm before a block's attention or MLP.
package enum Norm: Sendable {
  /// Layer norm, with mean and shift.
  case layer(LayerNorm)
  /// Root-mean-square norm.
  case rms(RMSNorm)

  /// Normalizes every row of `x` (`[rows, columns]`) into `output` of the same extents.
  package func apply(_ x: MatrixView, to output: MatrixView, threads: ThreadTeam) {
    switch self {
    case .layer(let norm): norm.apply(x, to: output, threads: threads)
    case .rms(let norm): norm.apply(x, to: output, threads: threads)
    }
  }
}
