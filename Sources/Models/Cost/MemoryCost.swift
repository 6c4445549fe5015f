import Diagnostics

/// What a question needs at most, by part, in bytes.
///
/// Decoding, image encoder, prompt with generation, and drawing follow one another, so only the
/// largest of them counts; the weights, the frames and the visual features are there all along.
public struct MemoryCost: Sendable, Equatable {
  /// All weights as they are held.
  public var weights = 0
  /// Pictures and frames as the model sees them.
  public var frames = 0
  /// Decoding, while it lasts.
  public var media = 0
  /// The image encoder's rows of one batch.
  public var vision = 0
  /// What the encoder hands over: visual tokens and DeepStack features.
  public var features = 0
  /// The prompt's rows in the language model.
  public var prefill = 0
  /// Keys and values of all layers.
  public var cache = 0
  /// Weight panels and attention logits of all threads.
  public var scratch = 0
  /// The logits and what is chosen from them.
  public var generation = 0

  /// Pictures of what was merged, drawn one at a time behind the answer.
  public var drawing = 0

  /// Nothing.
  public init() {}

  /// The most of it that is there at one time.
  public var peak: Int {
    [
      weights, frames, features, scratch,
      max(media, vision, [prefill, cache, generation].clampedSum(), drawing),
    ].clampedSum()
  }

  /// Every part with its name in words, in the order above.
  public var parts: [(name: String, bytes: Int)] {
    [
      ("weights", weights), ("frames", frames), ("decoding", media), ("image encoder", vision),
      ("visual features", features), ("prompt", prefill), ("key-value cache", cache),
      ("scratch", scratch), ("generation", generation), ("pictures of the report", drawing),
    ]
  }
}
