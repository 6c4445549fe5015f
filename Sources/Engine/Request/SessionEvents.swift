import Diagnostics
import MemoryPlanner
import Models

/// Callbacks of a session while it works.
public struct SessionEvents {
  /// Called with the plan before anything large is done.
  public var planned: ((MemoryPlan) -> Void)?
  /// Called with the next piece of the answer, which never ends within a character.
  public var text: ((String) -> Void)?
  /// Called with the next piece of what the model thinks before it answers.
  public var thought: ((String) -> Void)?
  /// Called with a stage and how much of it is done, from 0 to 1.
  public var progress: ((ComputeObserver.Stage, Double) -> Void)?
  /// Called between layers and between tokens; an error it throws ends the work.
  public var check: (() throws(Failure) -> Void)?

  /// No callbacks.
  public init() {}
}
