import Merging
import Models

/// The contents of a skeleton's `config.json`.
struct SkeletonConfiguration: Decodable, Sendable {
  /// Elements of a hidden state, in both parts.
  let width: Int
  /// Rows of the embedding.
  let vocabulary: Int
  /// Pixels along a tile's side.
  let tile: Int
  /// The most tiles of an image.
  let max_tiles: Int

  var shape: ModelShape {
    ModelShape(
      vision: VisionShape(
        depth: 2, hiddenSize: width, intermediateSize: 2 * width, hasGate: true, heads: 4,
        patchSize: 8, patchFrames: 1, mergeSize: 2, outputSize: width),
      text: TextShape(
        layers: 2, hiddenSize: width, intermediateSize: 2 * width, heads: 4, keyValueHeads: 2,
        headSize: 12, vocabularySize: vocabulary, maxPositions: 4096),
      mergeDefaults: MergeTarget.Defaults(
        vision: MergeTarget.Layers([0], of: 2), tunedVision: MergeTarget.Layers([0], of: 2),
        text: MergeTarget.Layers([1], of: 2)),
      published: .none)
  }
}
