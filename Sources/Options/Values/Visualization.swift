/// Which pictures are drawn for an answer.
public enum Visualization: String, Sendable, Codable, CaseIterable {
  /// Pictures of every merging layer as well, and videos with the overlay.
  case all
  /// What was left in the end, how it came about, and the scores.
  case final
  /// None.
  case none
}
