/// How long each part of a question took, in seconds.
public struct StageTimes: Sendable, Equatable {
  /// Decoding and resizing the media.
  public var media = 0.0
  /// The image encoder.
  public var vision = 0.0
  /// Prefill: the prompt through the language model.
  public var prefill = 0.0
  /// Decode: all generated tokens.
  public var decode = 0.0

  /// The sum.
  public var total: Double { media + vision + prefill + decode }

  /// All times zero.
  public init() {}

  /// Runs `body`, adding the time it takes to one part.
  mutating func measure<Result, Error>(
    _ part: WritableKeyPath<StageTimes, Double>, _ body: () throws(Error) -> Result
  ) throws(Error) -> Result {
    let clock = ContinuousClock()
    let start = clock.now
    defer {
      self[keyPath: part] += (clock.now - start) / .seconds(1)
    }
    return try body()
  }
}
