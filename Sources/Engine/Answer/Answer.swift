import Basics
import MemoryPlanner
import Merging
import Models

@preconcurrency import Glibc

/// The answer to a question, and how it was computed.
public struct Answer: Sendable {
  /// Why an answer ended.
  public enum FinishReason: String, Sendable, Codable {
    /// The model generated a stop token.
    case stop
    /// The answer reached the most tokens allowed.
    case length
    /// The answer repeated itself and was ended.
    case repetition
  }

  /// The text of the answer; empty where the model thought up to the most tokens allowed.
  public let text: String
  /// What the model thought before it answered; `nil` where it did not think.
  public var thought: String?
  /// The generated ids, a stop token included.
  public let generated: [Int32]
  /// Why it ended.
  public let finishReason: FinishReason
  /// The JSON value of an answer that was bound to a schema and is complete.
  public var value: JSONValue?
  /// The probabilities at each token; empty for choices.
  public var logprobs: [TokenLogprob] = []
  /// The choices, in the order of the request; empty where there were none.
  public var choices: [ChoiceResult] = []
  /// The largest share of all choices that is missing because not every way to write them in tokens was
  /// looked at.
  public var missingShare = 0.0
  /// The files that were looked at. Whoever moved the files may restore the names that others know.
  public var sources: [Source]
  /// Tokens of the prompt, counting all visual tokens before merging.
  public let promptTokens: Int
  /// Tokens of the prompt that had been read for an earlier question about the same media.
  public let sharedTokens: Int
  /// Visual tokens of the prompt, before merging.
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
  /// For each segment the groups that were computed for it, ascending; `nil` for all.
  public var computed: [[Int]?] = []
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
  /// The boxes and points that the answer names.
  public var boxes = AnswerBoxes()
  /// Notes on how the model was loaded.
  public var notes: [String] = []
  /// The most memory the process has held so far, in bytes.
  public let peakMemory: Int

  /// Whether it ended inside the thought.
  public var endedThinking: Bool { text.isEmpty && thought != nil && finishReason == .length }

  /// The mean of the logarithms of the probabilities of the tokens that the model was asked for; `nil`
  /// where it was asked for none.
  public var meanLogprob: Double? {
    let known = logprobs.compactMap(\.logprob)
    return known.isEmpty ? nil : known.reduce(0) { $0 + Double($1) } / Double(known.count)
  }

  /// How sure the model is, from 0 to 1: of choices, the share of the one it chose; of other answers, the
  /// geometric mean of the probabilities of their tokens.
  public var confidence: Double? {
    choices.first { $0.text == text }?.confidence ?? meanLogprob.map { exp($0) }
  }

  /// Notes for the reader on an answer that did not end by itself, or whose probabilities are not exact, and on its
  /// boxes.
  public var endNotes: [String] {
    var notes: [String] = []
    switch finishReason {
    case .stop: break
    case .length where endedThinking:
      notes.append(
        "the model was still thinking after \(generated.count) tokens: "
          + "let it write more (max_new_tokens), or answer at once (thinking off)")
    case .length:
      notes.append("The answer was cut off after \(generated.count) tokens (max_new_tokens).")
    case .repetition:
      let what = text.isEmpty && thought != nil ? "thought" : "answer"
      notes.append("The \(what) repeats itself and was ended after \(generated.count) tokens.")
    }
    if missingShare > 0.001 {
      notes.append(
        "The confidence in the choices may be wrong by \((missingShare * 100).rounded()) percent: "
          + "there are too many ways to write them.")
    }
    return notes + boxes.notes
  }

  /// The number of groups that were computed for each segment; empty where all were.
  public var computedGroups: [Int] {
    guard computed.contains(where: { $0 != nil }) else { return [] }
    return zip(computed, segments).map { $0?.count ?? $1.grid.groups }
  }

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
