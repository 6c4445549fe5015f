import Merging

/// A question whose images and videos have been encoded.
public struct EncodedQuestion: Sendable {
  /// The ids, with all placeholders.
  public let prompt: Prompt
  /// The image encoder's output for each segment.
  public let segments: [EncodedSegment]
  /// The tokens of each run; empty where they are those of the segments.
  public let packed: [PackedRun]
  /// A record of every merging layer of the image encoder.
  public let steps: [MergeStep]

  /// A question from its parts.
  public init(
    prompt: Prompt, segments: [EncodedSegment], packed: [PackedRun] = [], steps: [MergeStep]
  ) {
    self.prompt = prompt
    self.packed = packed
    self.segments = segments
    self.steps = steps
  }

  /// Tokens of each run that the language model reads.
  public var runCounts: [Int] {
    packed.isEmpty
      ? prompt.runs.map { segments[$0.segments].reduce(0) { $0 + $1.count } }
      : packed.map(\.places.count)
  }
}
