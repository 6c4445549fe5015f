import MemoryPlanner
import Models

/// What is known about a question before it is computed.
public struct PlanOutlook: Sendable {
  /// What fits into one budget.
  public struct Point: Sendable {
    /// The budget, in bytes.
    public let budget: Int
    /// The plan within this budget; `nil` where not even the floors fit.
    public let plan: MemoryPlan?
    /// Visual tokens left, in percent of the unmerged visual tokens that were asked for.
    public let percentLeft: Double
  }

  /// The plan for computing the question now.
  public let plan: MemoryPlan
  /// The files that were looked at.
  public let sources: [Source]
  /// Tokens and operations of the plan.
  public let load: WorkLoad
  /// Seconds that decoding the media took just now.
  public let mediaSeconds: Double
  /// The most tokens that may be generated.
  public let newTokens: Int
  /// Plans within smaller and larger budgets, ascending: from just below what the floors need to just
  /// above what everything asked for needs. Empty where nothing can be given up.
  public let curve: [Point]
}
