import WorkerProtocol

/// One attempt at a job; times are in milliseconds since 1970.
public struct Attempt: Sendable, Codable, Equatable {
  /// Why an attempt ended.
  public enum Ending: String, Sendable, Codable, CaseIterable {
    /// It was answered.
    case done
    /// The worker reported why it could not answer.
    case failed
    /// The worker exited by itself.
    case exited
    /// A signal ended the worker: the memory limit, a crash, a user.
    case signal
    /// It took longer than its deadline.
    case deadline
    /// It made no progress.
    case stalled
    /// A user cancelled the job.
    case cancelled
    /// The daemon was stopped; the attempt does not count.
    case stopped
    /// The daemon or the machine went down during the attempt.
    case interrupted
  }

  /// The number of the attempt, from 1.
  public let number: Int
  /// When it began.
  public let started: Int
  /// When it ended.
  public let ended: Int?
  /// Why it ended.
  public let ending: Ending?
  /// The worker's exit status, if it exited.
  public let exitStatus: Int?
  /// The signal that ended the worker.
  public let signal: Int?
  /// The peak memory of the worker, in bytes.
  public let peakMemory: Int?
  /// Details in words.
  public let detail: String?
  /// The predicted peak memory of the worker, in bytes.
  public let predictedMemory: Int?
  /// The memory it was allowed to use, in bytes.
  public let memoryBudget: Int?
}
