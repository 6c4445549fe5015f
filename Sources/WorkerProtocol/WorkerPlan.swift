/// The memory that a worker expects to use, sent before it allocates anything large. If the worker dies,
/// this is what is known about the attempt.
public struct WorkerPlan: Codable, Sendable, Equatable {
  /// The predicted peak memory, in bytes.
  public var predicted: Int
  /// The same from the cost model alone, without the margin for this model.
  public var uncorrected: Int
  /// The memory it may use, in bytes; `nil` where nothing limits it.
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
