import Compute
import Diagnostics
import Media
import Merging

/// A model that answers questions about images and videos; one conforming type per family.
public protocol VisionLanguageModel: Sendable {
  /// Its numbers.
  var shape: ModelShape { get }
  /// Its words and weights.
  var assets: ModelAssets { get }

  /// How an image or a video is looked at.
  ///
  /// - Parameter maxPixels: a lower limit for the image or for each frame than the model's own.
  /// - Throws: `media.proportions` for what is too long and narrow.
  func layout(of media: MediaShape, maxPixels: Int?) throws(Failure) -> MediaLayout

  /// The question as ids.
  ///
  /// - Throws: `prompt.too-long`, or `modelUnusable` where the tokenizer does not fit the model.
  func prompt(_ question: Question) throws(Failure) -> Prompt

  /// Takes the question's images and videos through the image encoder.
  ///
  /// - Throws: `outOfMemory`, or what the observer's check throws.
  func encode(
    _ question: Question, merging: ResolvedMerging, threads: ThreadTeam, observer: ComputeObserver
  ) throws(Failure) -> EncodedQuestion

  /// Reads the question and what was seen.
  ///
  /// - Throws: `outOfMemory`, or what the observer's check throws.
  func read(
    _ encoded: EncodedQuestion, _ options: ReadingOptions, threads: ThreadTeam,
    observer: ComputeObserver
  ) throws(Failure) -> any Decoding
}

extension VisionLanguageModel {
  /// Settles what was asked of the merging for this model's layers.
  ///
  /// - Throws: `merging.layers` and others of `merging.`.
  public func resolve(_ parameters: MergeParameters) throws(Failure) -> ResolvedMerging {
    try parameters.resolved(for: shape.mergeTarget)
  }

  /// What questions cost.
  public var cost: CostModel { CostModel(shape, assets.weights) }
}
