/// What the command line asks of a daemon; one JSON object a line.
public struct ControlRequest: Codable, Sendable, Equatable {
  /// What is to be done.
  public enum Command: String, Codable, Sendable {
    /// Tell how the daemon is.
    case status
    /// Tell the figures for Prometheus.
    case metrics
    /// End jobs for good.
    case cancel
    /// Put waiting jobs aside.
    case hold
    /// Put them back.
    case release
    /// Bring jobs back that were given up.
    case retry
    /// Bring all jobs back that failed.
    case retryFailed = "retry-failed"
    /// Begin nothing new.
    case pause
    /// Go on.
    case resume
    /// Remove what is kept for longer than configured, or the folders of the named jobs.
    case clean
    /// Read the configuration anew.
    case reload
    /// Tell what the store knows, for those who may not read it.
    case query
  }

  /// What is to be done.
  public var command: Command
  /// The jobs, by their whole ids.
  public var ids: [String]
  /// For `clean`: remove what ended longer ago than this, in seconds.
  public var olderThan: Double?
  /// For `clean`: whether the store forgets the jobs, too; absent means no.
  public var forgets: Bool?
  /// For `query`: what is to be looked up.
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

  /// Whether it changes something, so that it is kept until there is a daemon.
  public var isChange: Bool {
    switch command {
    case .status, .metrics, .reload, .query: false
    case .cancel, .hold, .release, .retry, .retryFailed, .pause, .resume, .clean: true
    }
  }
}
