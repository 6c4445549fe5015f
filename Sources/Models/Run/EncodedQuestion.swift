import Merging

/// A question whose images and videos have been encoded.
public struct EncodedQuestion: Sendable {
  /// The ids, with all placeholders.
  public let prompt: Prompt
  /// The image encoder's output for each segment.
  public let segments: [EncodedSegment]
  /// A record of every merging layer of the image encoder.
  public let steps: [MergeStep]

  /// A question from its parts.
  public init(prompt: Prompt, segments: [EncodedSegment], steps: [MergeStep]) {
    self.prompt = prompt
    self.segments = segments
    self.steps = steps
  }
}
