/// Which pictures the report has.
public enum Visualization: String, Sendable, Codable, CaseIterable {
  /// Also pictures of every merging layer, and videos with the overlay.
  case all
  /// The groups left after all layers, all layers side by side, and the scores.
  case final
  /// No pictures.
  case none
}
