import WorkerProtocol

/// What a daemon answers to a request.
public struct ControlReply: Codable, Sendable {
  /// What became of one job.
  public struct Result: Codable, Sendable, Equatable {
    /// The job, or `nil` for what concerns the queue.
    public var id: String?
    /// Whether something was changed.
    public var changed: Bool
    /// In words.
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
  /// What became of each job.
  public var results: [Result] = []
  /// How the daemon is.
  public var live: LiveStatus?
  /// Text for Prometheus.
  public var text: String?
  /// What a query found.
  var records: StoreAnswer?

  /// An empty reply.
  public init() {}
}
