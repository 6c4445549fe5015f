// Codes about matrices and caches.
extension FailureCode {
  /// More tokens were added to a KV cache than it was made for.
  public static let computeCacheFull = FailureCode(rawValue: "compute.cache-full")
  /// The biases of the keys are not as many as the keys.
  public static let computeKeyBias = FailureCode(rawValue: "compute.key-bias")
  /// There is no memory for a matrix, a KV cache or weights.
  public static let computeNoMemory = FailureCode(rawValue: "compute.no-memory")
  /// The parts of an attention do not hold every row once.
  public static let computeParts = FailureCode(rawValue: "compute.parts")
  /// A matrix is larger than any memory.
  public static let computeTooLarge = FailureCode(rawValue: "compute.too-large")

  /// All codes of this area.
  static let computeCodes: [FailureCode] = [
    .computeCacheFull, .computeKeyBias, .computeNoMemory, .computeParts, .computeTooLarge,
  ]
}
