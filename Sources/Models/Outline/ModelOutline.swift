import Diagnostics
import Media
import Merging
import Tokenizer

/// A model of which the sizes are known and no weights are loaded.
public struct ModelOutline: Sendable {
  /// The family in words.
  public let family: String

  // Its weights have no numbers, so it never leaves this type.
  private let model: any VisionLanguageModel

  init(family: String, model: any VisionLanguageModel) {
    self.family = family
    self.model = model
  }

  /// The model's numbers.
  public var shape: ModelShape { model.shape }
  /// What its weights take in the chosen precision.
  public var weights: WeightAccount { model.assets.weights }
  /// Tokens of the tokenizer.
  public var tokens: Int { model.assets.tokenizer.vocabularyCount }
  /// Notes on how the model would be loaded; usually none.
  public var notes: [String] { model.assets.notes }
  /// The model's costs.
  public var cost: CostModel { model.cost }

  /// How an image or a video would be shown.
  ///
  /// - Throws: as `VisionLanguageModel.layout(of:maxPixels:)`.
  public func layout(of media: MediaShape) throws(Failure) -> MediaLayout {
    try model.layout(of: media, maxPixels: nil)
  }

  /// Tokens of the prompt of a question without images.
  ///
  /// - Throws: as `VisionLanguageModel.prompt(_:)`.
  public func promptTokens(_ text: String) throws(Failure) -> Int {
    try model.prompt(Question(visuals: [], text: text)).ids.count
  }

  /// The merging layers for this model.
  ///
  /// - Throws: as `VisionLanguageModel.resolve(_:hasVideo:)`.
  public func resolve(_ parameters: MergeParameters) throws(Failure) -> ResolvedMerging {
    try model.resolve(parameters)
  }
}
