import Diagnostics
import MemoryPlanner
import Models

/// What a session says while it works.
public struct SessionEvents {
  /// How the question will be computed; told before anything large is done.
  public var planned: ((MemoryPlan) -> Void)?
  /// The next piece of the answer; never part of a character.
  public var text: ((String) -> Void)?
  /// A stage and how much of it is done, from 0 to 1.
  public var progress: ((ComputeObserver.Stage, Double) -> Void)?
  /// Asked between layers and tokens; a failure it throws ends the work.
  public var check: (() throws(Failure) -> Void)?

  /// Nobody listens.
  public init() {}
}
