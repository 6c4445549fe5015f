/// A request of the command line to a daemon; one JSON object per line.
public struct ControlRequest: Codable, Sendable, Equatable {
  /// The command.
  public enum Command: String, Codable, Sendable {
    /// Report the daemon's status.
    case status
    /// Report the metrics for Prometheus.
    case metrics
    /// Cancel jobs for good.
    case cancel
    /// Hold waiting jobs.
    case hold
    /// Release held jobs.
    case release
    /// Retry jobs that were given up.
    case retry
    /// Retry all failed jobs.
    case retryFailed = "retry-failed"
    /// Start no more jobs.
    case pause
    /// Start jobs again.
    case resume
    /// Remove whatever is older than the configured times, or the folders of the named jobs.
    case clean
    /// Read the configuration again.
    case reload
    /// Report contents of the store, for users who may not read it.
    case query
  }

  /// The command.
  public var command: Command
  /// The jobs, by their full ids.
  public var ids: [String]
  /// For `clean`: removes jobs that ended longer ago than this, in seconds.
  public var olderThan: Double?
  /// For `clean`: whether the store forgets the jobs, too; absent means no.
  public var forgets: Bool?
  /// For `query`: the query.
  var query: StoreQuery?

  /// A request.
  public init(
    _ command: Command, ids: [String] = [], olderThan: Double? = nil, forgets: Bool? = nil
  ) {
    self.command = command
    self.ids = ids
    self.olderThan = olderThan
    self.forgets = forgets
  }

  /// Whether the request changes something, so that it is kept until there is a daemon.
  public var isChange: Bool {
    switch command {
    case .status, .metrics, .reload, .query: false
    case .cancel, .hold, .release, .retry, .retryFailed, .pause, .resume, .clean: true
    }
  }
}
