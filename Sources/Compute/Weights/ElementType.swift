/// How one number of a stored tensor is encoded.
public enum ElementType: String, Sendable, CaseIterable {
  /// IEEE 754 single precision.
  case f32 = "F32"
  /// IEEE 754 half precision.
  case f16 = "F16"
  /// The upper half of a single: 8 exponent bits, 7 fraction bits.
  case bf16 = "BF16"

  /// Bytes per element.
  public var size: Int {
    switch self {
    case .f32: 4
    case .f16, .bf16: 2
    }
  }
}
