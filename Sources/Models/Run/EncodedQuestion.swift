import Merging

/// A question whose images and videos have been through the image encoder.
public struct EncodedQuestion: Sendable {
  /// The ids, with all placeholders.
  public let prompt: Prompt
  /// What the encoder made of each segment.
  public let segments: [EncodedSegment]
  /// What every merging layer of the encoder did.
  public let steps: [MergeStep]

  /// A question from its parts.
  public init(prompt: Prompt, segments: [EncodedSegment], steps: [MergeStep]) {
    self.prompt = prompt
    self.segments = segments
    self.steps = steps
  }
}
