/// How much memory this process may hold, and who says so.
public struct MemoryBudget: Sendable, Equatable {
  /// What sets the limit.
  public enum Source: Sendable, Equatable {
    /// The user or the configuration.
    case configured
    /// A control group's limit, by its path below the memory controller's mount.
    case controlGroup(String)
    /// What the machine has left.
    case available
  }

  /// Bytes this process may hold, what it holds already included.
  public let bytes: Int
  /// What sets the limit.
  public let source: Source

  /// A budget from its parts.
  public init(bytes: Int, source: Source) {
    self.bytes = bytes
    self.source = source
  }

  /// The limit's origin in words.
  public var origin: String {
    switch source {
    case .configured: "the configured limit"
    case .controlGroup(let path): "the memory limit of the control group \(path)"
    case .available: "what the machine has free"
    }
  }
}
