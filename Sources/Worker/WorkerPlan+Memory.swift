import MemoryPlanner
import WorkerProtocol

extension WorkerPlan {
  /// The part of a plan that the daemon is told.
  init(_ plan: MemoryPlan) {
    self.init(
      predicted: plan.predicted, uncorrected: plan.uncorrected, budget: plan.budget?.bytes,
      adaptations: plan.adaptations.map(\.words))
  }
}

extension WorkerSummary {
  /// Adds the plan of one of the questions.
  mutating func add(_ plan: MemoryPlan) {
    predictedMemory = max(predictedMemory ?? 0, plan.predicted)
    memoryBudget = plan.budget.map { min(memoryBudget ?? .max, $0.bytes) } ?? memoryBudget
    let known = adaptations ?? []
    let new = plan.adaptations.map(\.words).filter { !known.contains($0) }
    if !new.isEmpty { adaptations = known + new }
  }
}
