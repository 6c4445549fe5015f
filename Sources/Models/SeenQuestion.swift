import Merging

/// A question whose pictures and videos have been through the image encoder.
public struct SeenQuestion: Sendable {
  /// The ids, with all placeholders.
  public let prompt: AssembledPrompt
  /// What the encoder made of each segment.
  public let segments: [EncodedSegment]
  /// What every merging layer of the encoder did.
  public let steps: [MergeStep]

  /// A question from its parts.
  public init(prompt: AssembledPrompt, segments: [EncodedSegment], steps: [MergeStep]) {
    self.prompt = prompt
    self.segments = segments
    self.steps = steps
  }
}
