/// Something a plan gave up so that the work fits.
public struct Adaptation: Sendable, Equatable, Codable {
  /// What can be given up, cheapest in quality first.
  public enum Rung: String, Sendable, Codable, CaseIterable {
    /// What each merging layer of the LLM keeps.
    case textRetention = "llm_retention"
    /// What each merging layer of the ViT keeps.
    case visionRetention = "vit_retention"
    /// The share of a picture's or frame's pixels.
    case pixels
    /// The share of a film's frames.
    case frames

    /// The rung in words.
    var words: String {
      switch self {
      case .textRetention: "the share each LLM merging layer keeps"
      case .visionRetention: "the share each ViT merging layer keeps"
      case .pixels: "the share of the pixels"
      case .frames: "the share of the frames"
      }
    }
  }

  /// What was given up.
  public let rung: Rung
  /// The share that was asked for.
  public let from: Double
  /// The share that fits.
  public let to: Double

  /// An adaptation from its parts.
  public init(rung: Rung, from: Double, to: Double) {
    self.rung = rung
    self.from = from
    self.to = to
  }

  /// The adaptation in words.
  public var words: String {
    "\(rung.words) went from \(thousandths(from)) to \(thousandths(to)) to fit into memory"
  }

  private func thousandths(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
}
