import Diagnostics

/// A family of models: its names in `config.json`, and a function that opens a model.
public struct ModelFamily: Sendable {
  /// Makes a model from its files and weights. The weights can come from a checkpoint, packed matrices,
  /// random numbers, or a source that only counts bytes.
  package typealias Opener =
    @Sendable (ModelFiles, MeasuredWeights, ModelOptions) throws(Failure)
    -> any VisionLanguageModel

  /// Presents a folder's tensors as those that the family asks for, where names alone do not; the last
  /// argument says whether their numbers are wanted, or only their sizes.
  package typealias Arranger =
    @Sendable (ModelFiles, any WeightSource, Bool) throws(Failure) -> any WeightSource

  /// The values of `model_type` in `config.json`.
  public let modelTypes: [String]
  /// Values of `model_type` of folders in other layouts, which are refused, with what to do about each.
  let refused: [String: String]
  /// The family in words, such as `Qwen3-VL`.
  public let name: String
  /// How its models are read from GGUF files; `nil` where they are not.
  let gguf: GGUFSupport?
  /// Makes a model.
  let open: Opener
  /// Presents the tensors.
  let arrange: Arranger

  /// A family from its parts.
  package init(
    _ name: String, modelTypes: [String], refused: [String: String] = [:],
    gguf: GGUFSupport? = nil,
    arrange: @escaping Arranger = { (_, source, _) throws(Failure) in source },
    open: @escaping Opener
  ) {
    self.gguf = gguf
    self.arrange = arrange
    self.refused = refused
    self.name = name
    self.modelTypes = modelTypes
    self.open = open
  }
}
