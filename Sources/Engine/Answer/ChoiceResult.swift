/// A choice and how likely it is.
public struct ChoiceResult: Sendable, Equatable {
  /// Its text.
  public let text: String
  /// The natural logarithm of the probability that the model writes this text and ends.
  public let logprob: Double
  /// Its share of all choices, calibrated where a calibration was given. All shares sum to 1.
  public let confidence: Double
}
