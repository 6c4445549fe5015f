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

  /// A sixteenth of the visual tokens at 5-8 and 19-25, a quarter of the pixels and of the frames.
  public init() {}
}
