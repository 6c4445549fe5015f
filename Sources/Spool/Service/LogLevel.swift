/// How bad something is, as syslog and the journal count it.
public enum LogLevel: String, Sendable, Codable, CaseIterable {
  case error, warning, notice, info, debug

  /// The number that syslog has for it.
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
