/// The precision of the weights in a packed file.
public enum PackedPrecision: String, Sendable, CaseIterable {
  /// All matrices in 8 bits.
  case int8
  /// The matrices of layers in 4 bits, others in 8.
  case int4

  /// The file's name within a model folder.
  public var fileName: String {
    switch self {
    case .int8: "illava-int8.pack"
    case .int4: "illava-int4.pack"
    }
  }
}
