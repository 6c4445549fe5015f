/// How much memory this process may use, and what limits it.
public struct MemoryBudget: Sendable, Equatable {
  /// What sets the limit.
  public enum Source: Sendable, Equatable {
    /// The user or the configuration, by the option's name.
    case configured(name: String = "the configured limit")
    /// A control group's limit: its path below the memory controller's mount, and the setting's name
    /// in words.
    case controlGroup(String, setting: String)
    /// The memory that the machine has available.
    case available
  }

  /// Bytes this process may use, including what it uses already.
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
    case .configured(let name): name
    case .controlGroup(_, let setting): setting
    case .available: "what the machine has free"
    }
  }

  /// The origin in words, where the budget is computed as if no other process used memory.
  var ceilingName: String { source == .available ? "the machine's own memory" : origin }
}
