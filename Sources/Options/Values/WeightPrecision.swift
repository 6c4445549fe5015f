/// How numbers are held while a model runs.
public enum WeightPrecision: String, Sendable, CaseIterable, Codable {
  /// Weights as the file has them, the key-value cache in f32: the most exact.
  case f32
  /// Weights and key-value cache in bf16: half the cache, and half the weights of an f32 file.
  case bf16
  /// The matrices of all layers in 8 bits with a scale per 32 inputs, everything else and the
  /// key-value cache as with `bf16`: about half the memory, and the fastest.
  case int8
}
