import Compute
import Diagnostics

/// The MLP of a block: two products with an activation between them, or three with a gate (SwiGLU).
package enum MLP: Sendable {
  /// `contract(activation(expand(x)))`.
  case plain(expand: Linear, activation: Activation, contract: Linear)
  /// `down(silu(gate(x)) · up(x))`.
  case gated(gate: Linear, up: Linear, down: Linear)

  /// All matrix products.
  var products: [Linear] {
    switch self {
    case .plain(let expand, _, let contract): [expand, contract]
    case .gated(let gate, let up, let down): [gate, up, down]
    }
  }

  /// `x += mlp(normalized)`, or `x += scale · mlp(normalized)`, a block of rows at a time.
  ///
  /// - Parameters:
  ///   - normalized: `[rows, hidden]`; overwritten where there is a scale.
  ///   - buffers: `[rows at a time, intermediate]` each; the second is used by a gated MLP only.
  ///   - x: `[rows, hidden]`.
  ///   - scale: the scale of what is added; `nil` for none.
  func add(
    _ normalized: MatrixView, buffers: MLPBuffers, to x: MatrixView, scale: LayerScale? = nil,
    threads: ThreadTeam
  ) throws(Failure) {
    for first in stride(from: 0, to: x.rows, by: buffers.rowsAtOnce) {
      let run = first..<min(x.rows, first + buffers.rowsAtOnce)
      let part = buffers.inner[rows: 0..<run.count]
      let last: Linear
      switch self {
      case .plain(let expand, let activation, let contract):
        try expand.apply(normalized[rows: run], to: part, threads: threads)
        activation.apply(part, threads: threads)
        last = contract
      case .gated(let gate, let up, let down):
        let second = buffers.second[rows: 0..<run.count]
        try Linear.apply([(gate, part), (up, second)], normalized[rows: run], threads: threads)
        Activation.silu(gate: part, times: second, threads: threads)
        last = down
      }
      if let scale {
        // The first product has read these rows.
        try last.apply(part, to: normalized[rows: run], threads: threads)
        scale.add(normalized[rows: run], to: x[rows: run], threads: threads)
      } else {
        try last.apply(part, to: x[rows: run], accumulate: true, threads: threads)
      }
    }
  }
}
