import MemoryPlanner

/// How much memory a question may take, and how cautiously that is predicted.
public struct MemoryRules: Sendable, Equatable {
  /// How much memory the question may take.
  public var limit = MemoryLimit.automatic
  /// The name of a limit in bytes, for messages.
  public var limitName = BudgetReader.configuredName
  /// Bytes to stay within as far as the floors allow; set for another attempt after a worker died.
  public var target: Int?
  /// The factor on predictions, at least 1.
  public var margin = 1.0
  /// How far the question may be cut down to fit.
  public var floors = MemoryFloors()

  /// No limit but free memory.
  public init() {}
}
