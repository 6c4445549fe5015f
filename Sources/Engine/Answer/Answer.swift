import MemoryPlanner
import Merging
import Models

/// The answer to a question, and how it was computed.
public struct Answer: Sendable {
  /// Why an answer ended.
  public enum FinishReason: String, Sendable, Codable {
    /// The model generated a stop token.
    case stop
    /// The answer reached the most tokens allowed.
    case length
  }

  /// The text of the answer; empty where the model thought up to the most tokens allowed.
  public let text: String
  /// What the model thought before it answered; `nil` where it did not think.
  public var thought: String?
  /// The generated ids, a stop token included.
  public let generated: [Int32]
  /// Why it ended.
  public let finishReason: FinishReason
  /// The files that were looked at. Whoever moved the files may restore the names that others know.
  public var sources: [Source]
  /// Tokens of the prompt, counting all visual tokens before merging.
  public let promptTokens: Int
  /// Visual tokens among them.
  public let visualTokens: Int
  /// The merging, with its layers determined for the model.
  public let merging: ResolvedMerging
  /// A record of every merging layer for every segment.
  public let steps: [MergeStep]
  /// The segments: which part of which source each shows, and the grid it was cut into.
  public let segments: [Segment]
  /// The runs: the segments whose tokens the language model merged together.
  public let runs: [Prompt.Run]
  /// Pixels along the side of what became one visual token.
  public let tokenSide: Int
  /// The images and frames as the model saw them, one entry per source; empty unless the request asked
  /// to keep them.
  public var visuals: [Visual]
  /// Visual tokens of each segment after the ViT.
  public let visionCounts: [Int]
  /// Visual tokens of each run that the language model read.
  public let runCounts: [Int]
  /// How the question was fitted into memory.
  public let plan: MemoryPlan
  /// The visual tokens left of each run, by their place in the unmerged run.
  public let survivors: [[Int]]
  /// Rows in each layer's cache after the prefill.
  public let cacheLengths: [Int]
  /// Seconds per stage.
  public let seconds: StageTimes
  /// Notes on how the model was loaded.
  public var notes: [String] = []
  /// The most memory the process has held so far, in bytes.
  public let peakMemory: Int

  /// Whether it ended inside the thought.
  public var endedThinking: Bool { text.isEmpty && thought != nil && finishReason == .length }

  /// Visual tokens left after the last merging layer.
  public var visualTokensLeft: Int { survivors.reduce(0) { $0 + $1.count } }

  /// Tokens of the prompt that are left of all images and videos after a merging layer; inside the image
  /// encoder, those that would become of what is left there.
  public func tokens(after step: MergeStep) -> Int {
    let left = step.after
    guard step.stage == .vision, left.count == segments.count else { return left.reduce(0, +) }
    return runs.reduce(0) { sum, run in
      let groups = Array(left[run.segments])
      let padding = segments[run.segments].map(\.view.padding)
      return sum
        + (run.packing?.counts(left: groups, padding: padding).tokens ?? groups.reduce(0, +))
    }
  }
}
