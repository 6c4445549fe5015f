import Diagnostics
import Merging

extension MergeParameters {
  /// The merging resolved for a model with Qwen3-VL's default layers.
  func resolved(
    visionDepth: Int, textDepth: Int, deepStackLayers: [Int]
  ) throws(Failure) -> ResolvedMerging {
    try resolved(
      for: MergeTarget(
        visionDepth: visionDepth, textDepth: textDepth,
        defaults: MergeTarget.Defaults(
          vision: MergeTarget.Layers([5, 6, 7, 8], of: 27),
          tunedVision: MergeTarget.Layers([6, 7, 8, 9], of: 27),
          text: MergeTarget.Layers([19, 21, 23, 25], of: 36)),
        published: deepStackLayers.first.map { .upTo(layer: $0) } ?? .anywhere))
  }
}
