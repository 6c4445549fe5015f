import MemoryPlanner

/// What a question may hold, and how carefully that is predicted.
public struct MemoryRules: Sendable, Equatable {
  /// How much memory the question may take.
  public var limit = MemoryLimit.automatic
  /// What a limit in bytes is called in messages.
  public var limitName = BudgetReader.configuredName
  /// Bytes to stay within as far as the floors allow; for another attempt after one that died.
  public var target: Int?
  /// What predictions are multiplied with, from 1 on.
  public var margin = 1.0
  /// How far the question may be cut down to fit.
  public var floors = MemoryFloors()

  /// What is free decides.
  public init() {}
}
