import Diagnostics

/// A family of models: its names in `config.json`, and a function that opens a model.
public struct ModelFamily: Sendable {
  /// Makes a model from its files and weights. The weights can come from a checkpoint, packed matrices,
  /// random numbers, or a source that only counts bytes.
  package typealias Opener =
    @Sendable (ModelFiles, MeasuredWeights, ModelOptions) throws(Failure)
    -> any VisionLanguageModel

  /// The values of `model_type` in `config.json`.
  public let modelTypes: [String]
  /// Values of `model_type` of folders in other layouts, which are refused, with what to do about each.
  let refused: [String: String]
  /// The family in words, such as `Qwen3-VL`.
  public let name: String
  /// Makes a model.
  let open: Opener

  /// A family from its parts.
  package init(
    _ name: String, modelTypes: [String], refused: [String: String] = [:], open: @escaping Opener
  ) {
    self.refused = refused
    self.name = name
    self.modelTypes = modelTypes
    self.open = open
  }
}
