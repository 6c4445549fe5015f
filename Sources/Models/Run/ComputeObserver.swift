import Compute
import Diagnostics

/// Callbacks while a model computes: for progress bars, dumps and tests, and for ending the work.
public struct ComputeObserver {
  /// The stages of a question.
  public enum Stage: String, Sendable, CaseIterable, Codable {
    /// Decoding and resizing images and frames.
    case media
    /// The image encoder.
    case vision
    /// Prefill: the prompt through the language model.
    case prefill
    /// Decode: one token after the other.
    case decode
  }

  /// Called with a stage and how much of it is done, from 0 to 1.
  public var progress: ((Stage, Double) -> Void)?
  /// Called with the name and rows of an intermediate result. The names are those of the reference
  /// traces (`embedding`, `vit.3`, `llm.3`, `pixel_values`). Work done in parts calls it for each part.
  public var trace: ((String, MatrixView) -> Void)?
  /// Called between layers; an error it throws ends the work.
  public var check: (() throws(Failure) -> Void)?

  /// No callbacks.
  public init() {}
}
