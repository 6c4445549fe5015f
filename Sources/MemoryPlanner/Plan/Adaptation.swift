/// Something a plan gave up so that the work fits.
public struct Adaptation: Sendable, Equatable, Codable {
  /// What can be given up, cheapest in quality first.
  public enum Rung: String, Sendable, Codable, CaseIterable {
    /// The share of the rows that an MLP takes at a time: costs time, nothing else.
    case rowsAtOnce = "rows_at_once"
    /// The share of the bytes that keys and values take: f32 becomes bf16.
    case cachePrecision = "kv_bytes"
    /// What each merging layer of the LLM keeps.
    case textRetention = "llm_retention"
    /// What each merging layer of the ViT keeps.
    case visionRetention = "vit_retention"
    /// The share of a picture's or frame's pixels.
    case pixels
    /// The share of a video's frames.
    case frames

    /// The rung in words.
    var words: String {
      switch self {
      case .rowsAtOnce: "the share of rows computed at a time"
      case .cachePrecision: "the share of the bytes for keys and values (f32 to bf16)"
      case .textRetention: "the share each LLM merging layer keeps"
      case .visionRetention: "the share each ViT merging layer keeps"
      case .pixels: "the share of the pixels"
      case .frames: "the share of the frames"
      }
    }
  }

  /// Why more was given up after the work had begun.
  public enum Cause: String, Sendable, Codable {
    /// Others took memory that was free when the work was planned.
    case shrunk
    /// The kernel reports that work stands still for want of memory.
    case pressure
  }

  /// What was given up.
  public let rung: Rung
  /// The share that was asked for.
  public let from: Double
  /// The share that fits.
  public let to: Double
  /// The LLM layer from which on it counts; `nil` where the whole question does.
  public let layer: Int?
  /// Why it was given up in the middle of the work; `nil` for what was planned.
  public let cause: Cause?

  /// An adaptation from its parts.
  public init(
    rung: Rung, from: Double, to: Double, layer: Int? = nil, cause: Cause? = nil
  ) {
    self.rung = rung
    self.from = from
    self.to = to
    self.layer = layer
    self.cause = cause
  }

  /// The adaptation in words.
  public var words: String {
    let change = "\(rung.words) went from \(thousandths(from)) to \(thousandths(to))"
    let place = layer.map { " from layer \($0) on" } ?? ""
    return switch cause {
    case nil: "\(change) to fit into memory"
    case .shrunk: "\(change)\(place): less memory was free than when the work was planned"
    case .pressure: "\(change)\(place): work stood still for want of memory"
    }
  }

  private func thousandths(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
}
