import Compute
import Diagnostics

/// Who looks on while a model computes: progress bars, dumps, tests, and who may stop it.
public struct ComputeObserver {
  /// The parts of a question's work.
  public enum Stage: String, Sendable, CaseIterable, Codable {
    /// Decoding and resizing pictures and frames.
    case media
    /// The image encoder.
    case vision
    /// The prompt through the language model.
    case prefill
    /// One token after the other.
    case decode
  }

  /// Called with a stage and how much of it is done, from 0 to 1.
  public var progress: ((Stage, Double) -> Void)?
  /// Called with the name and rows of an intermediate result; the names are those of the reference
  /// traces (`embedding`, `vit.3`, `llm.3`, `pixel_values`). Rows come in parts where the work does.
  public var trace: ((String, MatrixView) -> Void)?
  /// Asked between layers; a failure it throws ends the work.
  public var check: (() throws(Failure) -> Void)?

  /// Nobody looks on.
  public init() {}
}
