/// The restrictions on a worker.
public struct WorkerCage: Codable, Sendable, Equatable {
  /// The restrictions in force, in words.
  public var parts: [String]
  /// The missing restrictions, in words, with the reason.
  public var missing: [String]

  /// A cage from its parts.
  public init(parts: [String] = [], missing: [String] = []) {
    self.parts = parts
    self.missing = missing
  }
}
