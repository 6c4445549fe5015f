import WorkerProtocol

/// One try at a job; times are in milliseconds since 1970.
public struct Attempt: Sendable, Codable, Equatable {
  /// Why an attempt ended.
  public enum Ending: String, Sendable, Codable, CaseIterable {
    /// It was answered.
    case done
    /// The worker said why it could not.
    case failed
    /// The worker exited by itself.
    case exited
    /// A signal ended the worker: the memory limit, a crash, a person.
    case signal
    /// It took longer than it may.
    case deadline
    /// It made no progress.
    case stalled
    /// A person did not want it any more.
    case cancelled
    /// The daemon was stopped; the attempt does not count.
    case stopped
    /// The daemon or the machine went down in the middle of it.
    case interrupted
  }

  /// From 1, in the order they were begun.
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
  /// The most memory the worker held, in bytes.
  public let peakMemory: Int?
  /// In words.
  public let detail: String?
  /// The most memory the worker expected to hold, in bytes.
  public let predictedMemory: Int?
  /// The bytes it was allowed to hold.
  public let memoryBudget: Int?
}
