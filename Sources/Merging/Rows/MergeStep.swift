/// What one merging layer did to every segment.
public struct MergeStep: Sendable, Equatable {
  /// The model part that merged.
  public let stage: MergePlace
  /// The layer, counted from 0.
  public let layer: Int
  /// What happened to each segment.
  public let segments: [MergeRecord]

  /// Visual tokens (groups, in the ViT) per segment before the layer.
  public var before: [Int] { segments.map(\.arrived.count) }
  /// Visual tokens (groups, in the ViT) per segment after the layer.
  public var after: [Int] { segments.map(\.kept.count) }

  /// A step from its parts.
  public init(stage: MergePlace, layer: Int, segments: [MergeRecord]) {
    self.stage = stage
    self.layer = layer
    self.segments = segments
  }
}
