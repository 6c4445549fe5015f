import Diagnostics

/// The most memory that a question needs, by part, in bytes.
///
/// Decoding of media, image encoder, prefill with decode, and drawing follow one another, so only the
/// largest of them counts. The weights, the frames and the visual features are in memory all the time.
public struct MemoryCost: Sendable, Equatable {
  /// All weights, in the precision they are held in.
  public var weights = 0
  /// Images and frames as the model sees them.
  public var frames = 0
  /// Decoding of the media.
  public var media = 0
  /// The image encoder's rows of one batch.
  public var vision = 0
  /// The image encoder's output: visual tokens and DeepStack features.
  public var features = 0
  /// The prompt's rows in the language model.
  public var prefill = 0
  /// Keys and values of all layers, and the states of recurrences.
  public var cache = 0
  /// Weight panels and attention logits of all threads.
  public var scratch = 0
  /// The logits and the copies that a token is chosen from.
  public var generation = 0

  /// Pictures of the report, drawn one at a time after the answer.
  public var drawing = 0

  /// All parts zero.
  public init() {}

  /// The most of these that is in memory at one time.
  public var peak: Int {
    [
      weights, frames, features, scratch,
      max(media, vision, [prefill, cache, generation].clampedSum(), drawing),
    ].clampedSum()
  }

  /// Every part with its name in words.
  public var parts: [(name: String, bytes: Int)] {
    [
      ("weights", weights), ("frames", frames), ("decoding", media), ("image encoder", vision),
      ("visual features", features), ("prompt", prefill), ("key-value cache", cache),
      ("scratch", scratch), ("generation", generation), ("pictures of the report", drawing),
    ]
  }
}
