/// The precision of weights and KV cache.
public enum WeightPrecision: String, Sendable, CaseIterable, Codable {
  /// Weights as stored in the file, KV cache in f32: the most exact.
  case f32
  /// Weights and KV cache in bf16: half the cache, and half the weights of an f32 file.
  case bf16
  /// The matrices of all layers in 8 bits with a scale per 32 inputs, everything else and the KV cache
  /// as with `bf16`: about half the memory, and the fastest.
  case int8
}
