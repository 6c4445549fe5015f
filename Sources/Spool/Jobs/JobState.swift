/// The state of a job.
public enum JobState: String, Sendable, Codable, CaseIterable {
  /// It waits for its turn.
  case queued
  /// A worker has it.
  case running
  /// It waits for another attempt after a temporary failure.
  case retrying
  /// It waits until there is enough memory for it.
  case waitingMemory = "waiting-memory"
  /// A user holds it back.
  case held
  /// It is answered.
  case done
  /// It was given up; `error.json` says why.
  case failed
  /// A user cancelled it.
  case cancelled

  /// Whether the job has ended.
  public var isFinal: Bool { self == .done || self == .failed || self == .cancelled }

  /// Whether a worker may get it once its time has come.
  public var isWaiting: Bool { self == .queued || self == .retrying || self == .waitingMemory }
}
