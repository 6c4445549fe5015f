import WorkerProtocol

/// A job as it is in the store; times are in milliseconds since 1970.
public struct Job: Sendable, Codable, Equatable {
  /// The id, unique and sortable by age.
  public let id: String
  /// The state.
  public let state: JobState
  /// The claim: files, questions and options.
  public let claim: JobClaim
  /// When it was claimed from the inbox.
  public let created: Int
  /// When its state last changed.
  public let updated: Int
  /// The earliest time at which it may start.
  public let notBefore: Int
  /// The attempts that count.
  public let attempts: Int
  /// The last error, or the final one.
  public let error: ErrorReport?
  /// A summary of its answer.
  public let summary: WorkerSummary?
  /// The job whose answer this one shares.
  public let duplicateOf: String?
  /// Whether its folders were cleaned away.
  public let isCleaned: Bool
  /// Bytes that the next attempt should stay within if it can, because an attempt with more died.
  public let memoryTarget: Int?
  /// How often in a row there was too little memory for it.
  public let memoryWaits: Int

  /// Its name for people.
  public var name: String { claim.name.escaped }
}
