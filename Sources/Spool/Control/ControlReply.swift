import WorkerProtocol

/// A daemon's reply to a request.
public struct ControlReply: Codable, Sendable {
  /// The result for one job.
  public struct Result: Codable, Sendable, Equatable {
    /// The job; `nil` for a result about the queue.
    public var id: String?
    /// Whether something was changed.
    public var changed: Bool
    /// The result in words.
    public var message: String

    /// A result.
    public init(id: String?, changed: Bool, message: String) {
      self.id = id
      self.changed = changed
      self.message = message
    }
  }

  /// Why the request as a whole was refused.
  public var error: ErrorReport?
  /// The result for each job.
  public var results: [Result] = []
  /// The daemon's status.
  public var live: LiveStatus?
  /// The metrics for Prometheus.
  public var text: String?
  /// The result of a query.
  var records: StoreAnswer?

  /// An empty reply.
  public init() {}
}
