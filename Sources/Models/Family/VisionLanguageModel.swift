import Compute
import Diagnostics
import Media
import Merging

/// A model that answers questions about images and videos; each family has one conforming type.
public protocol VisionLanguageModel: Sendable {
  /// The model's numbers.
  var shape: ModelShape { get }
  /// The model's tokenizer and weights.
  var assets: ModelAssets { get }

  /// The sizes and views of an image or a video.
  ///
  /// - Parameter maxPixels: a limit on the pixels of the image or of each frame, below the model's own.
  /// - Throws: `media.proportions` for an image or video that is too long and narrow.
  func layout(of media: MediaShape, maxPixels: Int?) throws(Failure) -> MediaLayout

  /// The question as token ids.
  ///
  /// - Throws: `prompt.too-long`, or `modelUnusable` where the tokenizer does not fit the model.
  func prompt(_ question: Question) throws(Failure) -> Prompt

  /// Runs the question's images and videos through the image encoder.
  ///
  /// - Throws: `outOfMemory`, or what the observer's check throws.
  func encode(
    _ question: Question, merging: ResolvedMerging, threads: ThreadTeam, observer: ComputeObserver
  ) throws(Failure) -> EncodedQuestion

  /// Reads the question's prompt with its encoded visual tokens (prefill).
  ///
  /// - Throws: `outOfMemory`, or what the observer's check throws.
  func read(
    _ encoded: EncodedQuestion, _ options: ReadingOptions, threads: ThreadTeam,
    observer: ComputeObserver
  ) throws(Failure) -> any Decoding
}

extension VisionLanguageModel {
  /// Determines the merging layers for this model from the merging that was asked for.
  ///
  /// - Parameter hasVideo: whether the question is about a video.
  /// - Throws: `merging.layers` and others of `merging.`.
  public func resolve(
    _ parameters: MergeParameters, hasVideo: Bool = false
  ) throws(Failure) -> ResolvedMerging {
    try parameters.resolved(for: shape.mergeTarget(hasVideo: hasVideo))
  }

  /// The model's costs in memory and operations.
  public var cost: CostModel { CostModel(shape, assets.weights) }
}
