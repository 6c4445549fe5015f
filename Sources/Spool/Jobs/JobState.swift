/// Where a job stands.
public enum JobState: String, Sendable, Codable, CaseIterable {
  /// It waits for its turn.
  case queued
  /// A worker has it.
  case running
  /// It waits for another attempt after a fault that may pass.
  case retrying
  /// It waits until there is memory for it.
  case waitingMemory = "waiting-memory"
  /// A person has put it aside.
  case held
  /// It is answered.
  case done
  /// It was given up; `error.json` says why.
  case failed
  /// A person did not want it any more.
  case cancelled

  /// Whether nothing more happens to it by itself.
  public var isFinal: Bool { self == .done || self == .failed || self == .cancelled }

  /// Whether a worker may get it when its time has come.
  public var isWaiting: Bool { self == .queued || self == .retrying || self == .waitingMemory }
}
