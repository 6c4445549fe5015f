/// How far a plan may go before it rather waits or gives up.
public struct MemoryFloors: Sendable, Equatable {
  /// The least share a merging layer of the LLM keeps.
  public var textRetention = 0.5
  /// The least share a merging layer of the ViT keeps.
  public var visionRetention = 0.6
  /// The least share of the pixels.
  public var pixels = 0.25
  /// The least share of a film's frames.
  public var frames = 0.25

  /// With four merging layers in each stage 0.8 % of the visual tokens (0.6⁴ · 0.5⁴), a quarter of
  /// the pixels and of the frames. How well answers hold there has not been measured.
  public init() {}
}
