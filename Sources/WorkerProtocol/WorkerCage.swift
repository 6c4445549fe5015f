/// What a worker is confined by.
public struct WorkerCage: Codable, Sendable, Equatable {
  /// What is in force, in words.
  public var parts: [String]
  /// What is not, in words, with the reason.
  public var missing: [String]

  /// A cage from its parts.
  public init(parts: [String] = [], missing: [String] = []) {
    self.parts = parts
    self.missing = missing
  }
}
