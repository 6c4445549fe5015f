/// A line of a job's history.
public struct JobEvent: Sendable, Codable, Equatable {
  /// The number of the event, ascending.
  public let sequence: Int
  /// The job; `nil` for an event of the daemon.
  public let job: String?
  /// The time, in milliseconds since 1970.
  public let time: Int
  /// The level of importance.
  public let level: LogLevel
  /// The event in words.
  public let text: String
}
