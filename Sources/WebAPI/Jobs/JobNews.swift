import Spool

/// What is new of a job that somebody waits for.
public struct JobNews: Sendable {
  /// What the worker says, while it has the job.
  public var running: LiveStatus.Running?
  /// The job as the store has it, once it has ended or cannot begin for lack of memory.
  public var job: Job?
}
