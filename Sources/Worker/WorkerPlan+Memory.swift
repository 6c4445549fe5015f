import MemoryPlanner
import WorkerProtocol

extension WorkerPlan {
  /// What the daemon is told of a plan.
  init(_ plan: MemoryPlan) {
    self.init(
      predicted: plan.predicted, uncorrected: plan.uncorrected, budget: plan.budget?.bytes,
      adaptations: plan.adaptations.map(\.words))
  }
}

extension WorkerSummary {
  /// Adds how one of the questions was fitted into memory.
  mutating func add(_ plan: MemoryPlan) {
    predictedMemory = max(predictedMemory ?? 0, plan.predicted)
    memoryBudget = plan.budget.map { min(memoryBudget ?? .max, $0.bytes) } ?? memoryBudget
    let known = adaptations ?? []
    let new = plan.adaptations.map(\.words).filter { !known.contains($0) }
    if !new.isEmpty { adaptations = known + new }
  }
}
