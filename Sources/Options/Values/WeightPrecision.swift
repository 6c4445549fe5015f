/// The precision of weights and KV cache.
public enum WeightPrecision: String, Sendable, CaseIterable, Codable {
  /// Weights as stored in the file, KV cache in f32: the most exact.
  case f32
  /// Weights and KV cache in bf16: half the cache, and half the weights of an f32 file.
  case bf16
  /// The matrices of all layers in 8 bits with a scale per 32 inputs, everything else and the KV cache
  /// as with `bf16`: about half the memory, and the fastest.
  case int8
  /// As `int8`, but with the matrices of layers in 4 bits, with a scale and a minimum per 32 inputs: about
  /// half the memory again. The output layer and the image encoder's first and last block stay in 8 bits.
  case int4

  /// The bits of most weights.
  public var bits: Int {
    switch self {
    case .f32: 32
    case .bf16: 16
    case .int8: 8
    case .int4: 4
    }
  }

  /// Whether matrices are packed into fewer than 16 bits.
  public var isPacked: Bool { self == .int8 || self == .int4 }

  /// The precision that holds weights in fewer bits, if there is one.
  public var smaller: WeightPrecision? {
    switch self {
    case .f32, .bf16: .int8
    case .int8: .int4
    case .int4: nil
    }
  }
}
