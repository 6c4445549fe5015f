import Merging
import Models

/// How a question is computed within a budget.
public struct MemoryPlan: Sendable, Equatable {
  /// The budget; `nil` where nothing limits the process.
  public let budget: MemoryBudget?
  /// What the process holds beside the work, in bytes.
  public let baseline: Int
  /// What the work needs, as planned.
  public let cost: MemoryCost
  /// The merging, as planned.
  public let merging: ResolvedMerging
  /// The share of the pixels that are shown.
  public let pixelShare: Double
  /// The share of a film's frames that are shown.
  public let frameShare: Double
  /// What was given up, in the order of the ladder.
  public let adaptations: [Adaptation]

  /// A plan from its parts.
  public init(
    budget: MemoryBudget?, baseline: Int, cost: MemoryCost, merging: ResolvedMerging,
    pixelShare: Double, frameShare: Double, adaptations: [Adaptation]
  ) {
    self.budget = budget
    self.baseline = baseline
    self.cost = cost
    self.merging = merging
    self.pixelShare = pixelShare
    self.frameShare = frameShare
    self.adaptations = adaptations
  }

  /// The most memory the process will hold, in bytes.
  public var predicted: Int { baseline + cost.peak }
}
