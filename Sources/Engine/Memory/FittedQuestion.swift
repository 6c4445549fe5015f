import MemoryPlanner
import Models

/// A question with its media as they are shown, and how it fits into memory.
struct FittedQuestion {
  let question: Question
  let sources: [Source]
  let plan: MemoryPlan
  /// The size of the work as planned.
  let shape: WorkShape
  /// How much less of each source is shown than was asked for; `nil` for all of it.
  let limits: [ShownLimit]?
}
