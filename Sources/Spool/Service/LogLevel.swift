/// Levels of importance, as in syslog and the journal.
public enum LogLevel: String, Sendable, Codable, CaseIterable {
  case error, warning, notice, info, debug

  /// The number of the level in syslog.
  public var priority: Int {
    switch self {
    case .error: 3
    case .warning: 4
    case .notice: 5
    case .info: 6
    case .debug: 7
    }
  }
}
