/// How much memory a worker expects to hold, told before it does anything large: if it dies, this is
/// what is known about the attempt.
public struct WorkerPlan: Codable, Sendable, Equatable {
  /// The most bytes it expects to hold.
  public var predicted: Int
  /// The same by the cost model alone, without the margin for this model.
  public var uncorrected: Int
  /// Bytes it may hold; `nil` where nothing limits it.
  public var budget: Int?
  /// What was given up to fit, in words.
  public var adaptations: [String]

  /// A plan from its parts.
  public init(predicted: Int, uncorrected: Int, budget: Int?, adaptations: [String]) {
    self.predicted = predicted
    self.uncorrected = uncorrected
    self.budget = budget
    self.adaptations = adaptations
  }
}
