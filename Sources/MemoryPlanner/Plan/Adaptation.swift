/// Something a plan gave up so that the work fits.
public struct Adaptation: Sendable, Equatable, Codable {
  /// What can be given up, in this order: what costs least quality comes first.
  public enum Rung: String, Sendable, Codable, CaseIterable {
    /// The share of a film's standing groups whose keys and values are kept: 0 computes every frame whole,
    /// which costs time only.
    case filmReuse = "film_reuse"
    /// The share of the rows that an MLP computes at a time: costs time only.
    case rowsAtOnce = "rows_at_once"
    /// The share of the KV cache's bytes: f32 becomes bf16.
    case cachePrecision = "kv_bytes"
    /// The share that each merging layer of the LLM keeps.
    case textRetention = "llm_retention"
    /// The share that each merging layer of the ViT keeps.
    case visionRetention = "vit_retention"
    /// The share of an image's or a frame's pixels.
    case pixels
    /// The share of a video's frames.
    case frames

    /// The rung in words.
    var words: String {
      switch self {
      case .filmReuse: "the share of what stands still in films that is kept"
      case .rowsAtOnce: "the share of rows computed at a time"
      case .cachePrecision: "the share of the bytes for keys and values (f32 to bf16)"
      case .textRetention: "the share each LLM merging layer keeps"
      case .visionRetention: "the share each ViT merging layer keeps"
      case .pixels: "the share of the pixels"
      case .frames: "the share of the frames"
      }
    }
  }

  /// Why something was given up after the work had begun.
  public enum Cause: String, Sendable, Codable {
    /// Other processes took memory that was free when the work was planned.
    case shrunk
    /// The kernel reports that processes wait for memory.
    case pressure
  }

  /// What was given up.
  public let rung: Rung
  /// The share that was asked for.
  public let from: Double
  /// The share that fits.
  public let to: Double
  /// The first LLM layer with the new share; `nil` where it holds for the whole question.
  public let layer: Int?
  /// Why it was given up after the work had begun; `nil` for a part of the plan.
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
