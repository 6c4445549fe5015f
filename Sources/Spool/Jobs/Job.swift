import WorkerProtocol

/// A job as the store has it; times are in milliseconds since 1970.
public struct Job: Sendable, Codable, Equatable {
  /// Unique, sortable by age.
  public let id: String
  /// Where it stands.
  public let state: JobState
  /// What it is.
  public let claim: JobClaim
  /// When it was taken from the inbox.
  public let created: Int
  /// When its state changed last.
  public let updated: Int
  /// It is not begun before this time.
  public let notBefore: Int
  /// Attempts that were charged.
  public let attempts: Int
  /// What went wrong last, or for good.
  public let error: ErrorReport?
  /// What came of it.
  public let summary: WorkerSummary?
  /// The job whose answer this one shares.
  public let duplicateOf: String?
  /// Whether its folders were cleaned away.
  public let isCleaned: Bool
  /// Bytes that the next attempt is to stay within as far as it can, because one that held more died.
  public let memoryTarget: Int?
  /// How often in a row there was no room for it in memory.
  public let memoryWaits: Int

  /// Its name for people.
  public var name: String { claim.name.escaped }
}
