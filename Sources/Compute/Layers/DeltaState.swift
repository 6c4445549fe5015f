import CKernels
import Diagnostics

/// What a Gated DeltaNet layer remembers of all rows so far. It does not grow with them, and nothing can
/// be taken out of it again; whoever wants to go back keeps a copy.
public final class DeltaState: @unchecked Sendable {
  // Unchecked: one thread changes it between the parallel parts, and tasks within them write disjoint
  // heads and channels.

  /// `[taps − 1, channels]`: the last inputs of the convolution.
  public let inputs: Matrix
  /// `[valueHeads · keySize, width]`: the memory of each head, a row per element of a key; columns from
  /// the size of a value on are zero.
  public let memory: Matrix
  /// The number of rows it has read.
  public internal(set) var count = 0

  /// The state before the first row.
  ///
  /// - Throws: `compute.no-memory`.
  public init(_ rule: DeltaRule) throws(Failure) {
    inputs = try Matrix(rows: rule.taps - 1, columns: rule.channels)
    memory = try Matrix(rows: rule.valueHeads * rule.keySize, columns: rule.width)
  }

  /// A copy of a state.
  ///
  /// - Throws: `compute.no-memory`.
  public init(copying other: DeltaState) throws(Failure) {
    inputs = try Matrix(rows: other.inputs.rows, columns: other.inputs.columns)
    memory = try Matrix(rows: other.memory.rows, columns: other.memory.columns)
    become(other)
  }

  /// Takes over what another state of the same layer remembers.
  public func become(_ other: DeltaState) {
    inputs.view.copy(from: other.inputs.view)
    memory.view.copy(from: other.memory.view)
    count = other.count
  }

  /// The bytes that a state takes.
  public static func bytes(_ rule: DeltaRule) -> Int {
    Matrix.bytes(rows: rule.taps - 1, columns: rule.channels)
      + Matrix.bytes(rows: rule.valueHeads * rule.keySize, columns: rule.width)
  }
}
