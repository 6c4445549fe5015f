import MemoryPlanner
import Merging
import Models

/// What came of a question.
public struct Answer: Sendable {
  /// Why an answer ended.
  public enum FinishReason: String, Sendable, Codable {
    /// The model said so.
    case stop
    /// The number of tokens that were allowed was reached.
    case length
  }

  /// The words.
  public let text: String
  /// The generated ids, a stop token included.
  public let generated: [Int32]
  /// Why it ended.
  public let finishReason: FinishReason
  /// What was looked at; whoever moved the files may give them the names that others know.
  public var sources: [Source]
  /// Tokens of the prompt with all visual tokens there would be unmerged.
  public let promptTokens: Int
  /// Visual tokens among them.
  public let visualTokens: Int
  /// The merging as it was settled for the model.
  public let merging: ResolvedMerging
  /// What every merging layer did to every segment.
  public let steps: [MergeStep]
  /// The segments: what each shows of which source, and the grid it was cut into.
  public let segments: [Segment]
  /// The runs: the segments whose tokens the language model merged together.
  public let runs: [Prompt.Run]
  /// Pixels along the side of what became one visual token.
  public let tokenSide: Int
  /// The pictures and frames as the model saw them, one entry per source; empty unless the request
  /// asked to keep them.
  public var visuals: [Visual]
  /// Visual tokens of each segment after the ViT.
  public let visionCounts: [Int]
  /// How the question was fitted into memory.
  public let plan: MemoryPlan
  /// What is left of each run, by place in the unmerged run.
  public let survivors: [[Int]]
  /// Rows in each layer's cache after the prefill.
  public let cacheLengths: [Int]
  /// Seconds per stage.
  public let seconds: StageTimes
  /// What there is to know about how the model was loaded.
  public var notes: [String] = []
  /// The most memory the process has held so far, in bytes.
  public let peakMemory: Int

  /// Visual tokens left after the last merging layer.
  public var visualTokensLeft: Int { survivors.reduce(0) { $0 + $1.count } }
}
