/// The probabilities of the choices of one question, and which of them is right.
public struct ChoiceOutcome: Sendable, Codable, Equatable {
  /// The natural logarithm of each choice's probability.
  public let logprobs: [Double]
  /// The place of the choice that is right.
  public let right: Int

  /// An outcome from its parts; numbers that are none become very small.
  public init(logprobs: [Double], right: Int) {
    self.logprobs = logprobs.map { $0.isFinite ? $0 : -700 }
    self.right = right
  }
}
