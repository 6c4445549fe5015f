import MemoryPlanner
import Models

/// All that can be said of a question before it is computed.
public struct PlanOutlook: Sendable {
  /// What fits within one budget.
  public struct Point: Sendable {
    /// The budget, in bytes.
    public let budget: Int
    /// How the question would be fitted into it; `nil` below the floors.
    public let plan: MemoryPlan?
    /// Visual tokens that would be left, in percent of those that were asked for unmerged.
    public let percentLeft: Double
  }

  /// How the question would be computed now.
  public let plan: MemoryPlan
  /// The files, as they were seen.
  public let sources: [Source]
  /// Tokens and operations as planned.
  public let load: WorkLoad
  /// Seconds that looking at the media took just now.
  public let mediaSeconds: Double
  /// Tokens that may be generated.
  public let newTokens: Int
  /// What would fit within smaller and larger budgets, ascending: from just below the floors to just
  /// above all that was asked for. Empty where nothing can be given up.
  public let curve: [Point]
}
