/// A line of a job's history.
public struct JobEvent: Sendable, Codable, Equatable {
  /// Ascending.
  public let sequence: Int
  /// The job, or `nil` for what concerns the daemon.
  public let job: String?
  /// Milliseconds since 1970.
  public let time: Int
  /// How bad it is.
  public let level: LogLevel
  /// In words.
  public let text: String
}
