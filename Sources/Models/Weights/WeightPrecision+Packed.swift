import Checkpoint
import Options

extension WeightPrecision {
  /// The precision of a packed file with weights in this one; `nil` for weights that are not packed.
  public var packed: PackedPrecision? {
    switch self {
    case .f32, .bf16: nil
    case .int8: .int8
    case .int4: .int4
    }
  }
}
