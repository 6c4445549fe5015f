import MemoryPlanner
import Models

/// A question with its media at the sizes they are shown in, and its memory plan.
struct FittedQuestion {
  let question: Question
  let sources: [Source]
  let plan: MemoryPlan
  /// The size of the work as planned.
  let shape: WorkShape
  /// The limits on each source where less is shown than was asked for; `nil` where everything is.
  let limits: [ShownLimit]?
}
